import type { RemoteFacts } from '../remote/remoteFolder.ts';
import type { S3Wire } from './wire.ts';

/** What is told of an object to those who fetch it, and what its owner noted: the headers that would make it anew. */
export async function objectFacts(wire: S3Wire, key: string, signal: AbortSignal): Promise<RemoteFacts> {
  const { body } = await wire.ask({ method: 'HEAD', key, signal });
  body.resume();
  const facts = Object.entries(body.headers).filter(
    (one): one is [string, string] => typeof one[1] === 'string' && isFact(...(one as [string, string])),
  );
  return Object.fromEntries(facts.slice(0, mostFacts));
}

const mostFacts = 100;
const longestFact = 2048;

function isFact(name: string, value: string): boolean {
  const isMeant =
    /^(content-(type|encoding|language|disposition)|cache-control|expires)$/.test(name) ||
    /^x-amz-(meta-[\w-]+|website-redirect-location)$/.test(name);
  // What a transfer was wrapped in is told by some services as if it were how the content is.
  return isMeant && value.length <= longestFact && /^[\x20-\x7e]*$/.test(value) && value !== 'aws-chunked';
}
