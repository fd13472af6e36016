/**
 * Whether a request comes from this very machine. Only then do the published
 * first passwords count: a proxy on the same machine speaks over loopback too,
 * for whoever is in front of it.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Middleware } from 'koa';

/** What proxies, tunnels and content networks add of their own accord or are usually told to add. */
const FORWARDING = /forwarded|^via$|real-ip|client-ip|connecting-ip|^cf-|^x-original-|^x-envoy-|^x-amzn-|^x-appengine-|^fly-|^tailscale-/;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

interface Situation {
  /** Whether the server listens on loopback alone. */
  readonly loopback: boolean;
  readonly trustProxy: boolean;
}

/** Leaves the answer in `ctx.state.isLocal`. */
export function markLocalRequests({ loopback, trustProxy }: Situation): Middleware {
  return async (ctx, next) => {
    ctx.state.isLocal = loopback && !trustProxy && isLocal(ctx.req);
    await next();
  };
}

/** By the connection, the name that was asked, and the absence of all that a proxy leaves. (nginx, unless told otherwise, leaves nothing but HTTP/1.0.) */
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
