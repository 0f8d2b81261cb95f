import { hostAlias, type LoginFolder, type LoginSecrets } from './loginFolder.ts';

/** What the line of words is made of. */
export interface SshWords extends LoginSecrets {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** The ways in which a login is tried, in this order; none where nothing is known to log in with. */
export function waysIn({ privateKey, password }: LoginSecrets): string[] {
  const hasKey = privateKey.trim() !== '';
  // The script of Windows looks at no question, so that it must be clear what is asked.
  if (process.platform === 'win32') return hasKey ? ['publickey'] : password === '' ? [] : ['password'];
  return [...(hasKey ? ['publickey'] : []), ...(password === '' ? [] : ['password', 'keyboard-interactive'])];
}

/** With which words OpenSSH's client is started in the folder of a login: nothing of its own config, nobody's agent. */
export function sshWords(login: SshWords, folder: Pick<LoginFolder, 'key'>): string[] {
  const hasKey = login.privateKey.trim() !== '';
  const options = {
    ...settled,
    PreferredAuthentications: waysIn(login).join(','),
    PubkeyAuthentication: hasKey ? 'yes' : 'no',
    IdentityFile: hasKey ? folder.key : 'none',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const { host, port, user } = login;
  return ['-F', 'none', ...settings, '-T', '-x', '-a', '-p', `${port}`, '-l', user, '-s', '--', host, 'sftp'];
}

/** What is the same for every login; what is not named here is as OpenSSH has it without any config. */
const settled = {
  StrictHostKeyChecking: 'yes',
  HostKeyAlias: hostAlias,
  UserKnownHostsFile: 'known',
  GlobalKnownHostsFile: 'none',
  UpdateHostKeys: 'no',
  VerifyHostKeyDNS: 'no',
  CheckHostIP: 'no',
  IdentitiesOnly: 'yes',
  IdentityAgent: 'none',
  AddKeysToAgent: 'no',
  NumberOfPasswordPrompts: '1',
  ConnectTimeout: '20',
  ConnectionAttempts: '1',
  ServerAliveInterval: '10',
  ServerAliveCountMax: '3',
  ClearAllForwardings: 'yes',
  Tunnel: 'no',
  ControlMaster: 'no',
  ControlPath: 'none',
  ProxyCommand: 'none',
  PermitLocalCommand: 'no',
  EscapeChar: 'none',
  LogLevel: 'ERROR',
} as const;
