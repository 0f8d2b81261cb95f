/** Why no encrypted connection came about, and what helps, each one sentence for a person. */
export interface TlsFault {
  readonly why: Why;
  readonly what: string;
  readonly mend: string;
}

type Why = 'clock' | 'authority' | 'host' | 'other' | 'protocol';

/** The fault that TLS found on the way to somebody; `null` where an error and its causes tell of none. */
export function tlsFault(who: string, error: unknown): TlsFault | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const kind = byCode[code] ?? (/^ERR_SSL_/.test(code) ? noTls : null);
  if (!kind) return tlsFault(who, error.cause);
  return { why: kind.why, what: kind.what(who, code), mend: mends[kind.why] };
}

interface Kind {
  readonly why: Why;
  what(who: string, code: string): string;
}

const expired: Kind = {
  why: 'clock',
  what: (who, code) => `The connection to ${who} is not safe: its certificate has expired (${code}).`,
};
const early: Kind = {
  why: 'clock',
  what: (who, code) => `The connection to ${who} is not safe: its certificate is not valid yet (${code}).`,
};
const selfSigned: Kind = {
  why: 'authority',
  what: (who, code) => `The connection to ${who} is not safe: it signed its certificate itself (${code}).`,
};
const unknown: Kind = {
  why: 'authority',
  what: (who, code) =>
    `The connection to ${who} is not safe: no authority that is known here signed its certificate (${code}).`,
};
const otherHost: Kind = {
  why: 'host',
  what: (who, code) => `The connection to ${who} is not safe: its certificate is for another host (${code}).`,
};
const untrusted: Kind = {
  why: 'other',
  what: (who, code) => `The connection to ${who} is not safe: its certificate cannot be trusted (${code}).`,
};
const noTls: Kind = {
  why: 'protocol',
  what: (who, code) =>
    `The connection to ${who} is not safe: what answers there speaks no TLS with us (${code}).`,
};

/** A network with a sign-in page answers for everybody, and so may be behind each of these. */
const mends: Readonly<Record<Why, string>> = {
  clock:
    'Check the date and time of this machine, and sign in where the network has a sign-in page; else only who runs that server can renew its certificate.',
  authority:
    'Sign in where the network has a sign-in page; for an authority of your company or your own, let NODE_EXTRA_CA_CERTS name the file of its certificate before VS Code or the command is started.',
  host: 'Check the address, and sign in where the network has a sign-in page; else only who runs that server can give it a certificate for this name.',
  other:
    'Sign in where the network has a sign-in page; else ask who runs that server for a valid certificate.',
  protocol: 'Check the address and the proxy, and sign in where the network has a sign-in page.',
};

/** What Node calls the faults (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const byCode: Readonly<Record<string, Kind>> = {
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: early,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: unknown,
  UNABLE_TO_GET_ISSUER_CERT: unknown,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknown,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknown,
  CERT_UNTRUSTED: unknown,
  ERR_TLS_CERT_ALTNAME_INVALID: otherHost,
  ERR_TLS_CERT_ALTNAME_FORMAT: otherHost,
  HOSTNAME_MISMATCH: otherHost,
  CERT_REVOKED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_CHAIN_TOO_LONG: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: untrusted,
  PATH_LENGTH_EXCEEDED: untrusted,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: untrusted,
  ERROR_IN_CERT_NOT_AFTER_FIELD: untrusted,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: untrusted,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: untrusted,
  EPROTO: noTls,
};
