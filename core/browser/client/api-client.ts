/**
 * A client for a group of routes: one typed function per route, derived from the
 * contract. Responses are not validated again, since the server checked them
 * against the same schema. Text that people wrote is made safe to show.
 */
import type { RouteDefinition, RouteRequest, RouteResponse, Routes } from '@ved/core/contract';
import { type RequestParts, type SendOptions, send } from './request.ts';
import { makeSafe } from './shown-members.ts';

export type CallOptions = Omit<SendOptions, 'headers'>;

/** What a call resolves with: JSON as declared, a string for text, a Blob for binary. */
export type CallResult<R extends RouteDefinition> = R['response'] extends 'text'
  ? string
  : R['response'] extends 'binary'
    ? Blob
    : RouteResponse<R>;

type CallArguments<R extends RouteDefinition> =
  object extends RouteRequest<R> ? [request?: RouteRequest<R>, options?: CallOptions] : [request: RouteRequest<R>, options?: CallOptions];

/** One function per route; event streams are opened with `openStream`. */
export type Client<R extends Routes> = {
  readonly [K in keyof R as R[K]['response'] extends 'event-stream' ? never : K]: (
    ...args: CallArguments<R[K]>
  ) => Promise<CallResult<R[K]>>;
};

/**
 * Creates the client of `routes`. Each function throws `ApiError` when the
 * server refuses and `ServerUnreachable` when it cannot be reached; when the
 * session is lost, it waits until the user has signed in again.
 */
export function createClient<const R extends Routes>(routes: R): Client<R> {
  const calls = Object.entries(routes).map(([name, route]) => [
    name,
    async (request?: RequestParts, options?: CallOptions) => readAnswer(route, await send(route, request, options)),
  ]);
  return Object.fromEntries(calls);
}

async function readAnswer(route: RouteDefinition, response: Response): Promise<unknown> {
  if (route.response === 'text') return response.text();
  if (route.response === 'binary') return response.blob();
  return makeSafe(await response.json());
}
