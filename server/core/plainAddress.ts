/** An address as a person can judge it, and what else it takes to do so. */
export interface PlainAddress {
  readonly address: string;
  /** Where it leads, as one sentence; `null` where the address says so itself. */
  readonly note: string | null;
}

/**
 * Spells the host of an address in plain letters, so that none looks like another (SECURITY S12), and names it where
 * something before it could be taken for it. What is no address with a host stays as it is.
 */
export function plainAddress(address: string): PlainAddress {
  const [, scheme, authority = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#\\]*)(.*)$/is.exec(address) ?? [];
  if (scheme === undefined) return { address, note: null };
  const at = authority.lastIndexOf('@');
  const who = authority.slice(0, at + 1);
  const [, written = '', port = ''] = /^(.*?)(:\d+)?$/s.exec(authority.slice(at + 1)) ?? [];
  const host = asciiHost(written);
  return { address: `${scheme}${who}${host}${port}${rest}`, note: noteOf(host, who) };
}

function asciiHost(written: string): string {
  if (/^[!-~]*$/.test(written)) return written;
  try {
    return new URL(`https://${written}`).hostname;
  } catch {
    return [...written]
      .map((sign) => (/[!-~]/.test(sign) ? sign : `%${sign.codePointAt(0)?.toString(16)}`))
      .join('');
  }
}

function noteOf(host: string, who: string): string | null {
  if (/(^|\.)xn--/i.test(host)) {
    return `The host is "${host}", whose real name has other letters than plain ones: look closely whether it is the one you mean.`;
  }
  return /[^A-Za-z0-9_@-]/.test(who)
    ? `It goes to the host "${host}"; what stands before the @ is a name.`
    : null;
}
