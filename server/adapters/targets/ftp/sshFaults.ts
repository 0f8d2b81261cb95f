import { failures } from '../../../protocol/failure.ts';
import { foreignText, TargetFault } from '../targetFault.ts';

/** The fault of a server whose key is not one of those that were confirmed. */
export class OtherHostKey extends TargetFault {
  constructor() {
    const what =
      'The SSH server shows another key than the one that was confirmed: somebody may pretend to be it.';
    const mend =
      'Ask your host whether the key was changed; the check of the target shows the new fingerprint.';
    super(failures.denied(what, mend));
  }
}

/** The fault of a line that broke. */
export function lost(why: string, cause?: unknown): TargetFault {
  const said = foreignText(why).replace(/\.$/, '');
  return new TargetFault(failures.offline(`The SSH server could not be reached: ${said}.`), {
    passing: true,
    cause,
  });
}

/** Makes what OpenSSH complained of a fault in words; what it does not explain is a line that broke. */
export function complaintFault(complaint: string): TargetFault {
  for (const [pattern, fault] of known) if (pattern.test(complaint)) return fault(complaint);
  return lost(lastOf(complaint) || 'it ended the connection');
}

/** What OpenSSH says, the first that fits; its words are of its English, which the environment asks for. */
const known: readonly (readonly [RegExp, (complaint: string) => TargetFault])[] = [
  [
    /Host key verification failed|HOST IDENTIFICATION HAS CHANGED|No .* host key is known/i,
    () => new OtherHostKey(),
  ],
  [/Unable to negotiate|no matching .* found/i, (complaint) => unsafe(complaint)],
  [/ssh_askpass: exec/, () => noAskpass()],
  [/^Load key /m, () => unreadableKey()],
  [/Permission denied|Too many authentication failures|Authentication failed/i, () => wrongAccount()],
  [/subsystem request failed|administratively prohibited/i, () => refused('it has no SFTP')],
  [
    /Bad configuration option|unknown option|illegal option|unsupported option/i,
    (complaint) => tooOld(complaint),
  ],
];

function wrongAccount(): TargetFault {
  return new TargetFault(failures.wrongAccount('The SSH server'));
}

function unreadableKey(): TargetFault {
  const what = 'The private key of the account cannot be read with this passphrase.';
  const mend =
    'Connect the account again with the whole text of the key file and its passphrase, if it has one.';
  return new TargetFault({ ...failures.wrongAccount('The SSH server'), what, mend });
}

function unsafe(complaint: string): TargetFault {
  const what = `The SSH server can only what is not safe any more (${foreignText(lastOf(complaint))}).`;
  return new TargetFault(failures.denied(what, 'Ask whoever runs the server to renew it.'));
}

function noAskpass(): TargetFault {
  const what = 'OpenSSH could not start the script that hands it the password or passphrase.';
  const mend = 'Let the folder for temporary files (TMPDIR) be one from which programs can be started.';
  return new TargetFault(failures.denied(what, mend));
}

function refused(why: string): TargetFault {
  const mend = 'Ask whoever runs the server to allow SFTP for this user.';
  return new TargetFault(failures.denied(`The SSH server refused: ${why}.`, mend));
}

function tooOld(complaint: string): TargetFault {
  const what = `The OpenSSH client of this machine is too old (${foreignText(lastOf(complaint))}).`;
  return new TargetFault(failures.tool(what, 'Install a newer OpenSSH client.'));
}

function lastOf(complaint: string): string {
  return complaint.trim().split('\n').at(-1)?.trim() ?? '';
}
