/** The errors of a call to the server. */
import type { ProblemCode, ProblemDetails } from '@ved/core/contract';
import { makeSafe } from './shown-members.ts';

/** The server refused or failed; `message` is the problem's detail, which tells the user what to do. */
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

/** The request did not reach the server, or its response did not reach us. Whether it was executed is unknown. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';

  constructor(cause?: unknown) {
    super('The server cannot be reached. What you typed is not lost; try again in a moment.', { cause });
  }
}

/** Reads an error response; one that is not a problem document (a proxy's page) becomes one. */
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
    title: response.statusText || 'Unexpected response',
    status: response.status,
    detail: `The server answered ${response.status} to ${path}. Try again; if it happens again, check the server's log.`,
    code: 'http/unexpected-answer',
  };
}
