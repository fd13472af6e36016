/** The network of an address, for counting per network. */
import { isIPv6 } from 'node:net';

/** The address itself; for IPv6 its /64, since whoever has one address there has them all. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace(/^::ffff:/, '');
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
