/**
 * Routes as data. A plugin's contract declares them once; the server's router,
 * the browser's client, the OpenAPI document and the tests all derive from it.
 */
import { z } from 'zod';
import type { ProblemCode } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `public` needs no session; `any` needs a session; the others need that role. An `editor` account also has `viewer`. */
export type Access = 'public' | 'any' | 'viewer' | 'editor';

/** What a route sends when it is not JSON. */
export type NonJson = 'event-stream' | 'binary' | 'text';

export interface RouteDefinition {
  readonly method: Method;
  /** With `:name` for parameters, as @koa/router reads them. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** A schema for JSON, or the name of another kind of response. */
  readonly response: z.ZodType | NonJson;
  /** The status of a success; 200 by default. */
  readonly status?: number;
  /** The largest request body in bytes; 1 MiB by default. A larger one gets 413 before all of it is read. */
  readonly bodyLimitBytes?: number;
  /** Names of body members that are `Base64`: in a long body the handler gets their decoded bytes, unless they are malformed. */
  readonly base64Members?: readonly string[];
  /** Problem codes that this route may return, for the OpenAPI document and `docs/problem-codes.md`; without those that any route may return. */
  readonly problems?: readonly ProblemCode[];
}

export type Routes = Readonly<Record<string, RouteDefinition>>;

/** Declares a group of routes; keeps their literal types. */
export function defineRoutes<const R extends Routes>(routes: R): R {
  return routes;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler receives, after parsing. */
export interface RouteInput<R extends RouteDefinition> {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
}

/** What a client sends: only the parts that the route declares. */
export type RouteRequest<R extends RouteDefinition> = (R['params'] extends z.ZodType ? { params: Sent<R['params']> } : object) &
  (R['query'] extends z.ZodType ? { query?: Sent<R['query']> } : object) &
  (R['body'] extends z.ZodType ? { body: Sent<R['body']> } : object);

/** What a route returns: the parsed JSON; untyped for other kinds. */
export type RouteResponse<R extends RouteDefinition> = R['response'] extends z.ZodType ? z.output<R['response']> : never;

/** Digits only: `01`, `+1`, `1e0` and `0x1` would be aliases of 1. */
const ID_DIGITS = /^[1-9]\d*$/;
const ID_ERROR = 'must be an id: a whole number from 1 up, in digits';

/** `:id` in a path or a query: a positive integer that SQLite and JSON both represent exactly. */
export const Id = z.preprocess(
  (value) => (typeof value === 'string' && ID_DIGITS.test(value) ? Number(value) : value),
  z.number(ID_ERROR).int(ID_ERROR).positive(ID_ERROR).max(Number.MAX_SAFE_INTEGER, ID_ERROR),
);

/** A moment, ISO 8601 in UTC with `Z` and milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** Fills in every `:name` of a path, percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) throw new TypeError(`the path ${path} needs the parameter ${name}`);
    return encodeURIComponent(String(value));
  });
}
