/**
 * Whether a request comes from this machine. Only then are the published first
 * passwords accepted. A proxy on this machine also connects over loopback, but for
 * other machines.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Middleware } from 'koa';

/** Headers that proxies, tunnels and CDNs add by default or are usually configured to add. */
const FORWARDING = /forwarded|^via$|real-ip|client-ip|connecting-ip|^cf-|^x-original-|^x-envoy-|^x-amzn-|^x-appengine-|^fly-|^tailscale-/;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

interface Situation {
  /** Whether the server listens on loopback alone. */
  readonly loopback: boolean;
  readonly trustProxy: boolean;
}

/** Stores the result in `ctx.state.isLocal`. */
export function markLocalRequests({ loopback, trustProxy }: Situation): Middleware {
  return async (ctx, next) => {
    ctx.state.isLocal = loopback && !trustProxy && isLocal(ctx.req);
    await next();
  };
}

/** Checks the connection, the host name, and the absence of any sign of a proxy. (nginx's only sign by default is HTTP/1.0.) */
function isLocal(req: Pick<IncomingMessage, 'headers' | 'httpVersion' | 'socket'>): boolean {
  if (!isLoopbackAddress(req.socket.remoteAddress ?? '')) return false;
  if (req.httpVersion === '1.0' || Object.keys(req.headers).some((name) => FORWARDING.test(name))) return false;
  const host = `http://${req.headers.host ?? ''}`;
  if (!URL.canParse(host)) return false;
  const name = new URL(host).hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/** Whether an address can be reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
