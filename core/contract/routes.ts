/**
 * Routes as data. A plugin's contract declares them once; the server's router,
 * the browser's client, the OpenAPI document and the tests all derive from it.
 */
import { z } from 'zod';
import type { ProblemCode } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `public` needs no session; `any` needs a session; the others need that role. An `editor` account also holds `viewer`. */
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
  /** Of success; 200 unless said. */
  readonly status?: number;
  /** Largest request body in bytes, beyond which 413 is sent before the body is read whole; 1 MiB unless said. */
  readonly bodyLimitBytes?: number;
  /** Names of members of the body that are `Base64`: of a long body they reach the handler as their bytes, unless malformed. */
  readonly base64Members?: readonly string[];
  /** Problem codes that this route may answer with, for the OpenAPI document and `docs/problem-codes.md`; not those that any route may. */
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

/** What a route answers with: the parsed JSON, or nothing typed for other kinds. */
export type RouteResponse<R extends RouteDefinition> = R['response'] extends z.ZodType ? z.output<R['response']> : never;

/** Digits and nothing else: `01`, `+1`, `1e0` and `0x1` would be further names of the thing 1. */
const ID_DIGITS = /^[1-9]\d*$/;
const ID_ERROR = 'must be an id: a whole number from 1 up, in digits';

/** `:id` in a path or a query: a positive integer that SQLite and JSON both hold exactly. */
export const Id = z.preprocess(
  (value) => (typeof value === 'string' && ID_DIGITS.test(value) ? Number(value) : value),
  z.number(ID_ERROR).int(ID_ERROR).positive(ID_ERROR).max(Number.MAX_SAFE_INTEGER, ID_ERROR),
);

/** A moment, ISO 8601 in UTC with `Z` and milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** A substituted path: every `:name` filled in and percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) throw new TypeError(`the path ${path} needs the parameter ${name}`);
    return encodeURIComponent(String(value));
  });
}
