/** Sends one request of a declared route: its URL, its errors, and the retry after signing in again. */
import { fillPath, type RouteDefinition } from '@ved/core/contract';
import { ServerUnreachable, toApiError } from './api-error.ts';
import { recoverSession } from './session-recovery.ts';

/** The parts of a request, for any route. */
export interface RequestParts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page; at most 64 KiB of body. */
  readonly keepalive?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The encoded path and query of a route, without undefined and null members. */
function addressOf(route: RouteDefinition, parts: RequestParts = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const path = fillPath(route.path, parts.params);
  return query.size > 0 ? `${path}?${query}` : path;
}

/**
 * Sends a request and returns the successful response. When the session is lost
 * and the route needs one, it is recovered and the call repeated once. Throws
 * `ApiError`, `ServerUnreachable`, or the signal's reason.
 */
export async function send(route: RouteDefinition, parts: RequestParts = {}, options: SendOptions = {}): Promise<Response> {
  let response = await attempt(route, parts, options);
  if (response.status === 401 && route.access !== 'public' && (await recoverSession())) {
    response = await attempt(route, parts, options);
  }
  if (!response.ok) throw await toApiError(response);
  return response;
}

async function attempt(route: RouteDefinition, parts: RequestParts, options: SendOptions): Promise<Response> {
  const hasBody = parts.body !== undefined;
  try {
    return await fetch(addressOf(route, parts), {
      method: route.method,
      headers: { Accept: 'application/json', ...(hasBody && { 'Content-Type': 'application/json' }), ...options.headers },
      body: hasBody ? JSON.stringify(parts.body) : undefined,
      signal: options.signal,
      keepalive: options.keepalive,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new ServerUnreachable(error);
  }
}
