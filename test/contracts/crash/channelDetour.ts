// No setting leads uploads of videos elsewhere than to Google. Loaded before a program, `node --import channelDetour.ts
// program`, this leads them to the channel of a test at BUTLER_CHANNEL.
import { real } from '../../../server/adapters/targets/youtube/addresses.ts';

/** From here on what would go to Google goes to a channel on the loopback, until the answer is called. */
export function leadTo(channel: string): () => void {
  const direct = globalThis.fetch;
  globalThis.fetch = async (asked, init) => {
    const url = new URL(asked instanceof Request ? asked.url : asked);
    if (!theirs.includes(url.origin)) return direct(asked, init);
    const { body, status, headers } = await direct(`${channel}${url.pathname}${url.search}`, init);
    const told = new Headers(headers);
    const location = told.get('location');
    if (location) told.set('location', location.replace(channel, real.api));
    return new Response(body, { status, headers: told });
  };
  return () => {
    globalThis.fetch = direct;
  };
}

const theirs = [real.api, real.signIn.token].map((address) => new URL(address).origin);
if (process.env.BUTLER_CHANNEL) leadTo(process.env.BUTLER_CHANNEL);
