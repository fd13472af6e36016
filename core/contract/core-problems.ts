/**
 * The problem codes of `core`: requests in general, signing in, the workspace,
 * and the limits per person. `core/server/limits.ts` also sets the limits of
 * plugins, so their codes are here too.
 */
import type { ProblemTable } from './problem.ts';

const ANY_ROUTE = 'any route';
const ANY_BODY = 'any route that takes a body';
const ANY_STREAM = 'any route that answers with an event stream';
const USER_COMMAND = '`npm run user`';

export const coreProblems = {
  'auth/bad-name': {
    status: 400,
    meaning: 'Not a valid user name. Use a lower-case letter, then up to 31 lower-case letters, digits, `_` and `-`.',
    where: USER_COMMAND,
  },
  'auth/bad-password': {
    status: 400,
    meaning: 'The new password is too short or is not valid text. Choose a longer one.',
    where: USER_COMMAND,
  },
  'auth/name-taken': { status: 409, meaning: 'There is already a user with this name. Choose another name.', where: USER_COMMAND },
  'auth/not-signed-in': {
    status: 401,
    meaning: 'The route needs a session, and the request has none or it has expired. Sign in.',
    where: 'any route but the public ones',
  },
  'auth/password-changed': {
    status: 409,
    meaning: 'The password was changed elsewhere at the same time, so this change was not made. Sign in again.',
  },
  'auth/published-password': {
    status: 403,
    meaning: "This is the published password of a first user, which works only on the server's own machine. Change it there first.",
  },
  'auth/role-missing': {
    status: 403,
    meaning: 'The account does not have the required role. Ask somebody who has it, or ask an administrator for the role.',
    where: 'any route for viewers or editors',
  },
  'auth/same-password': { status: 422, meaning: 'The new password is the same as the current one. Choose another.' },
  'auth/throttled': {
    status: 429,
    meaning: 'Too many wrong passwords for this name or from this address. Wait as long as `Retry-After` says.',
    where: 'any route, for a request with a name and a password',
  },
  'auth/unknown-user': {
    status: 404,
    meaning: 'There is no user with this name. `npm run user -- list` lists all users.',
    where: USER_COMMAND,
  },
  'auth/wrong-credentials': {
    status: 401,
    meaning: 'The name or the password is wrong. Check both.',
    where: 'any route, for a request with a name and a password',
  },
  'auth/wrong-password': { status: 403, meaning: 'The current password is wrong, and nothing was changed. Enter it again.' },

  'core/busy': {
    status: 503,
    meaning: 'The database or the server is overloaded. Try again after `Retry-After` seconds.',
    where: ANY_ROUTE,
  },
  'core/disk-full': {
    status: 507,
    meaning: "The server's disk is full, and nothing was changed. Free some space and try again.",
    where: ANY_ROUTE,
  },
  'core/internal': {
    status: 500,
    meaning: "An unexpected error. The server's log has the details under the `request_id`.",
    where: ANY_ROUTE,
  },
  'core/required-plugin': { status: 409, meaning: 'ved cannot run without this plugin, so it cannot be disabled.' },
  'core/too-many-streams': {
    status: 429,
    meaning: 'This person has 64 event streams open. Close some ved pages.',
    where: ANY_STREAM,
  },
  'core/too-much-sent': {
    status: 429,
    meaning: 'This person is sending more than 72 MiB at the same time. Send the rest when that is done.',
    where: ANY_BODY,
  },
  'core/too-much-unread': {
    status: 429,
    meaning: 'This person has not read more than 64 MiB of responses. Read them or close their connections.',
    where: ANY_ROUTE,
  },
  'core/unknown-plugin': { status: 404, meaning: 'There is no plugin with this id. `GET /api/plugins` lists all plugins.' },

  'editor/too-many-open': {
    status: 422,
    meaning: 'This person has more than 200 scripts open, the most that is shown to others. Close some tabs.',
  },
  'editor/too-many-pages': {
    status: 429,
    meaning: 'This person has ved open in 48 pages. Close some; closed pages stop counting within 45 s.',
  },

  'git/busy': {
    status: 503,
    meaning: 'Too many clones are in progress, for this person or in total. Try again after `Retry-After` seconds.',
    where: 'cloning from `/git/scripts.git`',
  },
  'git/too-many-clones': {
    status: 429,
    meaning: 'This person has 16 clone requests in progress. Wait for some to finish.',
    where: 'cloning from `/git/scripts.git`',
  },

  'page/busy': {
    status: 503,
    meaning: 'The server cannot open more files at the moment. Try again in a few seconds.',
    where: 'the files of the page',
  },
  'page/no-plugin-file': {
    status: 404,
    meaning: 'The third-party plugin has no such file, or has not started. The list of plugins says why.',
    where: 'the files below `/plugins/`',
  },
  'page/old-asset': {
    status: 404,
    meaning: 'The page requested a file of a different version of ved. Reload the page.',
    where: 'the files of the page',
  },

  'request/cross-origin': {
    status: 403,
    meaning: 'A request that changes something came from another site. In a program, send JSON without `Origin`.',
    where: 'any route that changes something',
  },
  'request/cut-short': { status: 400, meaning: 'The request body was cut short. Send it again.', where: ANY_BODY },
  'request/invalid': {
    status: 400,
    meaning: 'A parameter or body member is invalid; `issues` says which. Fix it.',
    where: ANY_ROUTE,
  },
  'request/malformed-json': { status: 400, meaning: 'The body is not valid JSON in UTF-8. Fix it.', where: ANY_BODY },
  'request/method-not-allowed': {
    status: 405,
    meaning: 'The path does not allow this method. Use one of those in `Allow`.',
    where: 'any path',
  },
  'request/too-large': { status: 413, meaning: 'The body is larger than the route allows. Send less.', where: ANY_BODY },
  'request/too-many-connections': {
    status: 503,
    meaning: 'Too many connections to the server are open. Close some pages or programs, then try again in a few seconds.',
    where: 'any connection',
  },
  'request/too-many-values': { status: 400, meaning: 'The JSON body has too many values. Send it in parts.', where: ANY_BODY },
  'request/too-nested': { status: 400, meaning: 'The JSON body is nested too deeply. No route accepts such JSON.', where: ANY_BODY },
  'request/unknown-host': {
    status: 403,
    meaning: 'The `Host` header is not a name of this machine. Behind a proxy, set `VED_TRUST_PROXY=1`.',
    where: ANY_ROUTE,
  },
  'request/unknown-path': {
    status: 404,
    meaning: 'This path does not exist. Check it against `/api/openapi.json`.',
    where: 'any path',
  },
  'request/unsupported-charset': {
    status: 415,
    meaning: 'The body is declared as another charset than UTF-8. Send UTF-8.',
    where: ANY_BODY,
  },
  'request/unsupported-encoding': { status: 415, meaning: 'The body is compressed. Send it without `Content-Encoding`.', where: ANY_BODY },
  'request/unsupported-media-type': {
    status: 415,
    meaning: 'The body is not declared as JSON. Send it with `Content-Type: application/json`.',
    where: ANY_BODY,
  },

  'runner/packages-busy': {
    status: 503,
    meaning: 'Too many runs are waiting for packages, for this person or in total. The run stays queued and starts by itself.',
    where: 'the reason of a queued run; no route returns it',
  },
  'runner/queue-full': { status: 503, meaning: 'This person has 1,000 single runs waiting. Wait for some to end, or cancel them.' },
  'runner/too-many-passes': { status: 503, meaning: 'This person has 20 unfinished passes. Wait for one to end, or cancel some.' },

  'user/usage': {
    status: 400,
    meaning: '`npm run user` does not know this command. Its help lists the commands.',
    where: USER_COMMAND,
  },

  'workspace/settings-full': { status: 422, meaning: "This person's settings would exceed 1 MiB. Remove some." },
  'workspace/state-full': {
    status: 422,
    meaning: 'The layout and the state of panels would exceed 2 MiB. Close some tabs, or reset the layout.',
  },
  'workspace/too-many': { status: 422, meaning: 'This person would have more than 500 settings or state keys. Remove some.' },
  'workspace/value-too-large': { status: 422, meaning: 'A state value is larger than 1 MiB. Make it smaller.' },
} as const satisfies ProblemTable;

declare module './problem.ts' {
  interface ProblemTables {
    core: typeof coreProblems;
  }
}
