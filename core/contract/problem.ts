/**
 * Problem details (RFC 9457) and the error classes that become them.
 *
 * One class per decision that a caller can make. A thrown `Problem` is sent to
 * the client; any other error becomes an opaque 500.
 */
import { z } from 'zod';

/** The body of every error response, `application/problem+json`. Extra members carry the data of the code. */
export const ProblemDetails = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** A sentence that a person can act on. */
  detail: z.string(),
  /** Stable, `area/what-happened`. */
  code: z.string(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;

/** What a code means, for `docs/problem-codes.md`. */
export interface ProblemEntry {
  /** The status of the class it is thrown with. */
  readonly status: number;
  /** What happened, and what to do about it. */
  readonly meaning: string;
  /** Where it occurs, in addition to the routes that list it; required when no route lists it. */
  readonly where?: string;
}

/** The codes of one package. Declare one with `as const satisfies ProblemTable`, and add it to `ProblemTables`. */
export type ProblemTable = Readonly<Record<`${string}/${string}`, ProblemEntry>>;

/**
 * The tables of all packages. A plugin adds its own in its contract, as in
 * `declare module '@ved/core/contract' { interface ProblemTables { catalog: typeof catalogProblems } }`;
 * a code that is in no table cannot be thrown or listed by a route.
 */
// biome-ignore lint/suspicious/noEmptyInterface: Each package adds its own member.
export interface ProblemTables {}

type CodesIn<Table, Status> = { [Code in keyof Table]: Table[Code] extends { readonly status: Status } ? Code : never }[keyof Table];

/** Every declared code, or those with one status. */
export type ProblemCode<Status extends number = number> = {
  [Name in keyof ProblemTables]: CodesIn<ProblemTables[Name], Status>;
}[keyof ProblemTables];

export interface ProblemOptions {
  /** Members added to the problem document, such as `{current: VersionInfo}`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error whose message may be shown to the client. `code` is stable, `detail` says what failed, on which thing, and what to do. */
export abstract class Problem<Code extends string = string> extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: Code,
    detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.data = options.data ?? {};
    this.headers = options.headers ?? {};
  }

  /** The RFC 9457 document of this error. */
  toDetails(): ProblemDetails {
    return {
      ...this.data,
      type: `urn:ved:problem:${this.code.replaceAll('/', ':')}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      code: this.code,
    };
  }
}

/** 400: malformed or refused input. */
export class InvalidInput extends Problem<ProblemCode<400>> {
  readonly status = 400;
  readonly title = 'Invalid input';
}
/** 401: no session. */
export class Unauthenticated extends Problem<ProblemCode<401>> {
  readonly status = 401;
  readonly title = 'Not signed in';
}
/** 403: the session's roles do not allow this. */
export class Forbidden extends Problem<ProblemCode<403>> {
  readonly status = 403;
  readonly title = 'Not allowed';
}
/** 404 */
export class NotFound extends Problem<ProblemCode<404>> {
  readonly status = 404;
  readonly title = 'Not found';
}
/** 405, with `Allow` in its headers. */
export class MethodNotAllowed extends Problem<ProblemCode<405>> {
  readonly status = 405;
  readonly title = 'Method not allowed';
}
/** 409: what the request assumed is no longer true; the data say what is. */
export class Conflict extends Problem<ProblemCode<409>> {
  readonly status = 409;
  readonly title = 'Conflict';
}
/** 413 */
export class TooLarge extends Problem<ProblemCode<413>> {
  readonly status = 413;
  readonly title = 'Too large';
}
/** 415 */
export class UnsupportedMediaType extends Problem<ProblemCode<415>> {
  readonly status = 415;
  readonly title = 'Unsupported media type';
}
/** 422: the right shape, but an impossible value. */
export class Unprocessable extends Problem<ProblemCode<422>> {
  readonly status = 422;
  readonly title = 'Unprocessable';
}
/** 429, with `Retry-After` in its headers. */
export class TooManyRequests extends Problem<ProblemCode<429>> {
  readonly status = 429;
  readonly title = 'Too many requests';
}
/** 502: a service that ved calls answered wrongly. */
export class BadGateway extends Problem<ProblemCode<502>> {
  readonly status = 502;
  readonly title = 'Upstream trouble';
}
/** 503: busy or not configured; the detail says which. */
export class Unavailable extends Problem<ProblemCode<503>> {
  readonly status = 503;
  readonly title = 'Unavailable';
}
/** 507 */
export class InsufficientStorage extends Problem<ProblemCode<507>> {
  readonly status = 507;
  readonly title = 'Insufficient storage';
}
