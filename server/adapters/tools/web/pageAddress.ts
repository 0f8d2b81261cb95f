import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';

/** The address of a page, in the one form that every part agrees on. */
export interface PageAddress {
  readonly url: URL;
  /** The host as it is approved: in ASCII, with its port where that is not the usual one. */
  readonly host: string;
  /** The address of the protocol where the host is one, else `null`. */
  readonly literal: string | null;
  /** How the host's name reads in its own script, where that is another than it seems; else `null`. */
  readonly reads: string | null;
}

const longest = 4000;

/** Reads the address of a page; nothing is asked of any network, not even for a name (SECURITY S10). */
export function readAddress(given: string): Outcome<PageAddress> {
  if (given.length > longest) return wrong(given, 'is too long');
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u.test(given))
    return wrong(given, 'holds characters that hide or deceive');
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url) return wrong(given, 'is no whole address such as https://example.com/page');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return wrong(given, `is of "${url.protocol}"`);
  if (url.username || url.password) return wrong(given, 'holds a name or a password');
  url.hash = '';
  const name = url.hostname.replace(/\.$/, '');
  const literal = name.startsWith('[') ? name.slice(1, -1) : isIP(name) === 4 ? name : null;
  if (literal === null) {
    const fault = nameFault(name);
    if (fault) return wrong(given, fault);
  }
  if (url.port && closedPorts(Number(url.port))) return wrong(given, `wants port ${url.port}`);
  url.hostname = name;
  const unicode = domainToUnicode(name);
  return good({
    url,
    host: url.port ? `${name}:${url.port}` : name,
    literal,
    reads: unicode && unicode !== name ? unicode : null,
  });
}

function nameFault(name: string): string | null {
  if (name.length > 253 || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name))
    return 'names no host of the internet';
  return /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|arpa|test|invalid)$/.test(name)
    ? 'names a host of a network at home'
    : null;
}

/** Ports below 1024 belong to other services than the web's. */
function closedPorts(port: number): boolean {
  return port < 1024 && port !== 80 && port !== 443;
}

function wrong(given: string, fault: string): Outcome<never> {
  const shown = JSON.stringify(given.length > 120 ? `${given.slice(0, 120)}…` : given);
  return bad(failures.invalid('url', `"url": ${shown} ${fault}.`, 'Give a public http or https address.'));
}
