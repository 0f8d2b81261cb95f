import { failures } from '../../../protocol/failure.ts';
import { tlsFault } from '../../tlsFault.ts';
import { foreignText, TargetFault } from '../targetFault.ts';

/** Makes what went wrong on the way to a server, or what it answered, a fault in words. */
export function faultOf(error: unknown, server: string, what: string): TargetFault {
  if (error instanceof TargetFault) return error;
  const code = codeOf(error);
  const said = foreignText(error instanceof Error ? error.message : '');
  const cause = { cause: error };
  if (code === 530 || code === 332) return new TargetFault(failures.wrongAccount(server), cause);
  if (code === 552 || code === 452) {
    const full = `${server} has no room left (${said}).`;
    return new TargetFault(failures.denied(full, 'Make room there, then publish again.'), cause);
  }
  if (typeof code === 'number' && code >= 500) {
    const refused = `${server} refused to ${what} (${said}).`;
    const mend = 'Look whether the folder is there and may be written by this user.';
    return new TargetFault(failures.denied(refused, mend), cause);
  }
  const unsafe = tlsFault(server, error);
  if (unsafe && unsafe.why !== 'protocol') {
    const mend = unsafe.why === 'authority' ? ownAuthority : unsafe.mend;
    return new TargetFault(failures.denied(unsafe.what, mend), cause);
  }
  const lost = `${server} could not be reached to ${what}${said ? ` (${said})` : ''}.`;
  return new TargetFault(failures.offline(lost), { ...cause, passing: true });
}

const ownAuthority = 'Put the certificate of your authority into the field "Own authority", if it is yours.';

/** The number or the word by which an error is known; `null` where it has none. */
export function codeOf(error: unknown): number | string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'number' || typeof code === 'string' ? code : null;
}
