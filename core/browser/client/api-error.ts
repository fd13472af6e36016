/** How a call to the server can fail, as the caller sees it. */
import type { ProblemCode, ProblemDetails } from '@ved/core/contract';
import { makeSafe } from './shown-members.ts';

/** The server refused or failed; `message` is the problem's detail, a sentence that a person can act on. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: ProblemDetails,
    /** From `Retry-After`; null when the server did not say. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail);
  }

  /** Whether the problem has this stable code, such as `catalog/stale`. */
  is(code: ProblemCode): boolean {
    return this.problem.code === code;
  }
}

/** The request never reached the server, or its answer never reached us. Whether it was carried out is unknown. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';

  constructor(cause?: unknown) {
    super('The server cannot be reached. What you typed is kept; try again in a moment.', { cause });
  }
}

/** Reads a refused response; an answer that is no problem document (a proxy's page) becomes one. */
export async function toApiError(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : null;
  const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  return new ApiError(response.status, isProblem(body) ? makeSafe(body) : unexpectedAnswer(response), retryAfterSeconds);
}

function isProblem(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'detail' in body && 'code' in body;
}

function unexpectedAnswer(response: Response): ProblemDetails {
  const path = new URL(response.url || '/', 'http://ved').pathname;
  return {
    type: 'about:blank',
    title: response.statusText || 'Unexpected answer',
    status: response.status,
    detail: `The server answered ${response.status} to ${path}. Try again; if it stays so, look at the server's log.`,
    code: 'http/unexpected-answer',
  };
}
