import type { CredentialField, TargetAccount } from '../../../protocol/target.ts';
import type { Config } from './config.ts';

/** The account of a config: that of one channel at one host, the same however its handle is written. */
export function accountFor({ channel }: Config, host: string): TargetAccount {
  const name = channel?.startsWith('@') ? channel.toLowerCase() : channel;
  return {
    id: `youtube ${name ?? 'own channel'} at ${host}`,
    title: channel ? `YouTube channel ${channel}` : 'YouTube',
    fields,
    help: 'In the Google Cloud console, switch on the YouTube Data API v3 and make an OAuth client "Desktop app".',
    signIn: true,
  };
}

const fields: CredentialField[] = [
  {
    name: 'clientId',
    title: 'Client id',
    description: 'Of an OAuth client of the kind "Desktop app" in your own Google Cloud project.',
    optional: false,
    lines: false,
    shown: true,
  },
  {
    name: 'clientSecret',
    title: 'Client secret',
    description: 'Stands beside the client id.',
    optional: true,
    lines: false,
  },
  {
    name: 'refreshToken',
    title: 'Refresh token',
    description: 'Leave it empty: signing in with the browser brings it.',
    optional: true,
    lines: false,
  },
];
