/** Handles a request to a contract's route: authorise, parse, handle, validate the response, send. */

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RouteDefinition } from '@ved/core/contract';
import { InvalidInput } from '@ved/core/contract';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Authenticated } from '../accounts/authentication.ts';
import { sessionOf } from '../accounts/authentication.ts';
import { RawResponse, type RouteHandler, type ServerSentEvent } from '../router.ts';
import { Breather } from '../thread/breather.ts';
import { authorise, watchAccess } from './access.ts';
import { jsonParts } from './answer-pieces.ts';
import { readJsonBody } from './body.ts';
import { openEventStream } from './event-stream.ts';
import type { RequestShares } from './request-shares.ts';

/** A route with its handler. `implement` matched their types; here they are untyped. */
export interface ImplementedRoute {
  readonly definition: RouteDefinition;
  readonly handler: RouteHandler<RouteDefinition>;
  readonly log: Logger;
  /** Fires when the plugin or the server stops. */
  readonly end: AbortSignal;
}

/** Shared by all requests. */
export interface Serving {
  /** Fires when the server stops. */
  readonly stopping: AbortSignal;
  readonly shares: RequestShares;
}

/** Serves one request. */
export async function serveRoute(
  ctx: Context,
  route: ImplementedRoute,
  params: Record<string, string>,
  { shares }: Pick<Serving, 'shares'>,
): Promise<void> {
  const { definition, handler } = route;
  const authenticated = ctx.state as Authenticated;
  ctx.state.route = definition.path;
  authorise(definition.access, authenticated);
  const body = definition.method === 'GET' ? undefined : await readJsonBody(ctx.req, ctx.res, definition, shares.bodyOf(ctx));
  if (definition.response === 'event-stream') shares.openStream(ctx);
  const log = route.log.child({ request_id: ctx.state.requestId });
  const life = lifeOf(ctx, route.end);
  const { signal } = life;
  if (LONG_ANSWERS.has(definition.response)) watchAccess(ctx.res, definition.access, authenticated, { onLost: () => life.abort(), log });
  const breather = new Breather();
  const input = {
    params: parsePart(definition.params, 'path', params) as undefined,
    query: parsePart(definition.query, 'query', definition.query && queryOf(ctx.querystring)) as undefined,
    body: parsePart(definition.body, 'body', body) as undefined,
  };
  await breather.breathe();
  const result: unknown = await handler({
    ...input,
    session: sessionOf(authenticated.account),
    lastEventId: ctx.get('Last-Event-ID') || null,
    signal,
    log,
    ctx,
  });
  // Many values take a while to validate; the handler's last step has already taken some of this turn.
  await breather.breathe();
  await send(ctx, definition, result, { signal, log, shares });
}

/** Marks a long text in JSON; random, so that no text can contain it. */
const MARK = randomUUID();

/** Kinds of responses that may outlast the session. */
const LONG_ANSWERS: ReadonlySet<unknown> = new Set(['event-stream', 'binary']);

interface Sending {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly shares: RequestShares;
}

async function send(ctx: Context, definition: RouteDefinition, result: unknown, sending: Sending): Promise<void> {
  if (!ctx.response.get('Cache-Control')) ctx.set('Cache-Control', definition.response === 'event-stream' ? 'no-store' : 'no-cache');
  if (result instanceof RawResponse) return sendRaw(ctx, definition, result, sending);
  if (definition.response === 'event-stream') return sendEvents(ctx, definition, result as AsyncIterable<ServerSentEvent>, sending);
  ctx.status = definition.status ?? 200;
  if (definition.response === 'text') {
    ctx.type = 'text/plain; charset=utf-8';
    sending.shares.answer(ctx, String(result));
    return;
  }
  if (!(definition.response instanceof z.ZodType))
    throw new Error(`${definition.method} ${definition.path} must answer with a RawResponse`);
  const breather = new Breather();
  const answer = checkedAnswer(definition, definition.response, result);
  await breather.breathe();
  sending.shares.answer(ctx, jsonParts(answer, MARK));
  ctx.type = 'application/json; charset=utf-8';
}

/** Validates a response against the contract and drops members that it does not declare. Throws when the response breaks it. */
function checkedAnswer(definition: RouteDefinition, schema: z.ZodType, result: unknown): unknown {
  const checked = schema.safeParse(result);
  if (checked.success) return checked.data;
  throw new Error(`${definition.method} ${definition.path} broke its own contract: ${z.prettifyError(checked.error)}`);
}

function sendRaw(ctx: Context, definition: RouteDefinition, { body, options }: RawResponse, { shares }: Sending): void {
  ctx.set(options.headers ?? {});
  if (body === null || body instanceof Readable) ctx.body = body;
  else shares.answer(ctx, body);
  ctx.status = options.status ?? definition.status ?? 200;
  if (body === null) return;
  ctx.type =
    options.contentType ?? (definition.response instanceof z.ZodType ? 'application/json; charset=utf-8' : 'application/octet-stream');
}

async function sendEvents(
  ctx: Context,
  definition: RouteDefinition,
  events: AsyncIterable<ServerSentEvent>,
  sending: Sending,
): Promise<void> {
  ctx.set('X-Accel-Buffering', 'no');
  ctx.type = 'text/event-stream; charset=utf-8';
  if (ctx.method === 'HEAD') {
    ctx.status = 200;
    return;
  }
  const onError = (error: unknown) => sending.log.error({ err: error, route: definition.path }, 'an event stream failed');
  ctx.body = await openEventStream(events, { signal: sending.signal, onError });
  ctx.type = 'text/event-stream; charset=utf-8';
  ctx.status = 200;
}

/** Fires when the client disconnects before the whole response was sent, or the server stops. (`AbortSignal.any` would accumulate on `stopping`.) */
function lifeOf({ res }: Context, stopping: AbortSignal): AbortController {
  const life = new AbortController();
  const end = () => life.abort();
  stopping.addEventListener('abort', end);
  res.once('close', () => {
    stopping.removeEventListener('abort', end);
    if (!res.writableFinished) end();
  });
  return life;
}

/** Where a value came from, for error messages. */
type Part = 'path' | 'query' | 'body';

/** Parses one part; `undefined` when the route declares no schema for it. Throws InvalidInput naming the field. */
function parsePart(schema: z.ZodType | undefined, part: Part, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ field: fieldName(part, issue.path), message: issue.message }));
  const [first] = issues;
  throw new InvalidInput('request/invalid', `${first?.field ?? part}: ${first?.message ?? 'is not valid'}.`, {
    data: { issues: issues.slice(0, 20) },
  });
}

/** The query as an object: a repeated name becomes an array, so that a schema for one value refuses it. */
function queryOf(search: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}

function fieldName(part: Part, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}.${String(key)}`), part);
}
