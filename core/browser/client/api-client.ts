/**
 * The client of a group of routes: one typed function for each, derived from
 * the contract. Answers are trusted, not parsed again: the server that sent
 * them checked them against the same schema. What people wrote to be shown is
 * made safe to show.
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
 * Makes the client of `routes`. Each function throws `ApiError` when the server
 * refuses, `ServerUnreachable` when it cannot be reached, and waits for the
 * person to sign in again when the session is gone.
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
