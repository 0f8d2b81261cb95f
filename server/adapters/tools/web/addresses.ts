import { BlockList, isIP } from 'node:net';
import type { Reach } from './transfer.ts';

/**
 * Whether an address of the internet protocol is one of the public internet, where nobody is trusted for where
 * he stands (SECURITY S10). What the registries of special addresses at https://www.iana.org/assignments name,
 * what carries an address of version 4 inside, and the addresses at which clouds tell a machine's secrets, are not.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !special4.check(address, 'ipv4');
  if (version !== 6 || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6') && !carriesIsatap(address);
}

/** The public internet, with every address that the system knows of a name. */
export const publicReach: Reach = {
  allows: isPublicAddress,
  resolve: async (name) => {
    const { promises } = await import('node:dns');
    return promises.lookup(name, { all: true, verbatim: true });
  },
};

const special4 = blocked('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** Everything that is handed out of version 6: loopback, mapped, local, translated and multicast are not in it. */
const global6 = blocked('ipv6', ['2000::/3']);

const special6 = blocked('ipv6', [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
]);

/** Whether the lower half is an address of version 4 in the form of ISATAP (RFC 5214). */
function carriesIsatap(address: string): boolean {
  const groups = groupsOf(address);
  return groups[5] === 0x5efe && ((groups[4] ?? 0) & 0xfdff) === 0;
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const numbers = (text = '') => (text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16)));
  const [first, last] = [numbers(head), numbers(tail)];
  return tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill(0), ...last];
}

function blocked(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
