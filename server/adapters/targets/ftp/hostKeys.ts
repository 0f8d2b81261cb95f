import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { failures } from '../../../protocol/failure.ts';
import { calledOff, TargetFault } from '../targetFault.ts';
import { sshEnvironment } from './sshEnvironment.ts';
import { complaintFault, lost } from './sshFaults.ts';

/** A key that a server showed: its kind and its bytes in base64. */
export interface HostKey {
  readonly kind: string;
  readonly blob: string;
}

/** Where a server is asked for its keys, and by which program. */
export interface Scan {
  readonly program: string;
  readonly host: string;
  readonly port: number;
  /** In seconds. */
  readonly patience: number;
}

/** Asks a server for its keys; nothing secret is sent. */
export async function scanHostKeys(scan: Scan, signal: AbortSignal): Promise<HostKey[]> {
  const { program, host, port, patience } = scan;
  const words = ['-T', `${patience}`, '-t', 'ed25519,ecdsa,rsa', '-p', `${port}`, '--', host];
  const limits = { timeout: (patience + 1) * 1000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 } as const;
  const options = { ...limits, env: sshEnvironment(process.env), cwd: '/', windowsHide: true, signal };
  const { output, complaint } = await new Promise<{ output: string; complaint: string }>((resolve) =>
    execFile(program, words, options, (_error, stdout, stderr) =>
      resolve({ output: stdout, complaint: stderr }),
    ),
  );
  if (signal.aborted) throw calledOff();
  const keys = hostKeysIn(output);
  if (keys.length === 0) throw keylessFault(output + complaint);
  return keys;
}

/** The keys in the lines of `ssh-keyscan`; anything else in them is passed over. */
export function hostKeysIn(output: string): HostKey[] {
  return output.split('\n').flatMap((line) => {
    const [, kind = '', blob = ''] = /^[^#\s]\S* ([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})\s*$/.exec(line) ?? [];
    return kind in named ? [{ kind, blob }] : [];
  });
}

/**
 * The keys of a server that a person confirmed; a fault where there is none. Nothing is trusted because it came
 * first: the fingerprints belong to the account, and are compared before anything secret is sent.
 */
export function trustOnly(confirmed: string, keys: readonly HostKey[], server: string): HostKey[] {
  const known = confirmed.split(/[\s,;]+/).flatMap((text) => (text === '' ? [] : [normal(text)]));
  const trusted = keys.filter((key) => known.includes(fingerprintOf(key)));
  if (trusted.length > 0) return trusted;
  const shown = Object.keys(named).flatMap((kind) => keys.filter((key) => key.kind === kind));
  const [first] = shown.map(fingerprintOf);
  const all = shown.map((key) => `${fingerprintOf(key)} (${named[key.kind]})`).join(', ');
  if (known.length === 0) {
    const what = `${server} shows the key ${all}, which nobody confirmed yet.`;
    const mend = `Compare it with what your host says; if it is the same, connect the account with the fingerprint ${first}.`;
    throw new TargetFault(failures.denied(what, mend));
  }
  const what = `${server} shows the key ${all}, but the account knows ${known.join(', ')}: somebody may pretend to be it.`;
  const mend =
    'Ask your host whether the key was changed; only then connect the account with the new fingerprint.';
  throw new TargetFault(failures.denied(what, mend));
}

/** How a public key is known to people: `SHA256:` and 43 characters. */
export function fingerprintOf({ blob }: HostKey): string {
  return `SHA256:${hash('sha256', Buffer.from(blob, 'base64'), 'base64').replace(/=+$/, '')}`;
}

/** The kinds of keys by their names in SSH and among people, the preferred first. */
const named: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ED25519',
  'ecdsa-sha2-nistp256': 'ECDSA',
  'ecdsa-sha2-nistp384': 'ECDSA',
  'ecdsa-sha2-nistp521': 'ECDSA',
  'ssh-rsa': 'RSA',
};

function normal(text: string): string {
  const bare = text.replace(/^SHA256:/i, '').replace(/=+$/, '');
  return /^[A-Za-z0-9+/]{43}$/.test(bare) ? `SHA256:${bare}` : 'a fingerprint that is none';
}

/** A server may greet and then agree on nothing, of which the scan says no word. */
function keylessFault(said: string): TargetFault {
  const greeting = /^# \S+ SSH-/m;
  const rest = said.replace(/^#.*$/gm, '').trim();
  return rest === '' && greeting.test(said)
    ? lost('it showed no key, or none that is safe today')
    : complaintFault(rest || 'it showed no key');
}
