/** Types for serving contracts over HTTP: authorise, parse, handle, validate the response, send. */
import type { Readable } from 'node:stream';
import type { RouteDefinition, RouteInput, RouteResponse, Routes, Session } from '@ved/core/contract';
import type { Context } from 'koa';
import type { Logger } from 'pino';

/** The input of a handler. */
export type RouteRequest<R extends RouteDefinition> = RouteInput<R> & {
  /** The signed-in user. On a `public` route without a session, a session without name and roles. */
  readonly session: Session;
  /** `Last-Event-ID` of a resumed event stream; null otherwise. */
  readonly lastEventId: string | null;
  /** Fires when the client disconnects or the server stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The raw context, for what the contract cannot express (headers, conditional requests). */
  readonly ctx: Context;
};

/** One server-sent event. `data` is sent as JSON. */
export interface ServerSentEvent {
  readonly event: string;
  readonly id?: string | number;
  readonly data: unknown;
  /** `data` as JSON, if already serialised. */
  readonly json?: string;
}

/** A body in memory, whole or in parts. */
export type MadeBody = string | Uint8Array | readonly (string | Uint8Array)[];

/** A finished response: a serialised body, a stream, or nothing for a 304. */
export class RawResponse {
  constructor(
    readonly body: MadeBody | Readable | null,
    readonly options: { readonly status?: number; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {}
}

/**
 * An event stream is an async iterable: the router writes it with back-pressure and keep-alives, and returns it when the
 * client disconnects. A raw 204 instead says that there are no more events.
 */
export type HandlerResult<R extends RouteDefinition> = R['response'] extends 'event-stream'
  ? AsyncIterable<ServerSentEvent> | RawResponse
  : R['response'] extends 'text'
    ? string | RawResponse
    : R['response'] extends 'binary'
      ? RawResponse
      : RouteResponse<R> | RawResponse;

export type RouteHandler<R extends RouteDefinition> = (request: RouteRequest<R>) => Promise<HandlerResult<R>> | HandlerResult<R>;

export type RouteHandlers<R extends Routes> = { readonly [K in keyof R]: RouteHandler<R[K]> };

export interface Router {
  /** Serves every route of a group; the type demands a handler for each. Throws when a method and path are taken. */
  implement<R extends Routes>(routes: R, handlers: RouteHandlers<R>): void;
  /** For anything but contract routes, such as git's smart HTTP: a prefix, the access it needs, and a Koa handler. */
  mount(prefix: string, access: RouteDefinition['access'], handler: (ctx: Context, session: Session) => Promise<void>): void;
}
