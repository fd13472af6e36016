/** Which network an address stands for, where something is counted for each. */
import { isIPv6 } from 'node:net';

/** The address itself; of IPv6 the /64 around it, as who holds one address there holds them all. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace(/^::ffff:/, '');
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
