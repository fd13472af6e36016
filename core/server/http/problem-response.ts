/** Turns any error into a problem document. Errors not meant for clients become an opaque 500 and are logged once, here. */
import { InsufficientStorage, Problem, type ProblemDetails } from '@ved/core/contract';
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { busy } from '../database/write-queue.ts';
import { isDiskFull } from '../disk-full.ts';

const BUSY_CODES: ReadonlySet<string> = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED']);

/** Catches errors of the rest of the application and sends them. */
export function problemResponses(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      sendProblem(ctx as Context, error, log);
    }
  };
}

/** Sends a problem; the head must not be sent yet. */
function sendProblem(ctx: Context, error: unknown, log: Logger): void {
  const problem = asProblem(error);
  const request = { request_id: ctx.state.requestId, route: ctx.state.route };
  // A deliberate 5xx, such as for a missing key, needs no stack trace, unless another error caused it.
  const isExpected = error instanceof Problem && error.cause === undefined;
  if (isExpected && error.status >= 500) log.warn({ ...request, code: error.code, detail: error.message }, 'could not serve a request');
  else if (!problem || problem.status >= 500) log.error({ ...request, err: error }, 'a request failed');
  for (const name of ['Content-Length', 'ETag', 'Last-Modified', 'Cache-Control']) ctx.remove(name);
  ctx.set(problem?.headers ?? {});
  ctx.set('Cache-Control', 'no-store');
  const details = problem?.toDetails() ?? opaque(String(ctx.state.requestId));
  ctx.status = details.status;
  ctx.body = JSON.stringify(details);
  ctx.type = 'application/problem+json';
}

/** The problem that an error stands for; null for one that clients must not see. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (isDiskFull(error)) {
    return new InsufficientStorage('core/disk-full', "The server's disk is full. Nothing was changed. Free some space and try again.", {
      cause: error,
    });
  }
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code } = cause as NodeJS.ErrnoException;
    if ((code !== undefined && BUSY_CODES.has(code)) || cause.name === 'KnexTimeoutError') return busy(error);
  }
  return null;
}

function opaque(requestId: string): ProblemDetails {
  return {
    type: 'urn:ved:problem:core:internal',
    title: 'Internal error',
    status: 500,
    detail: `Something went wrong on the server. Its log has the details under the request id ${requestId}.`,
    code: 'core/internal',
    request_id: requestId,
  };
}
