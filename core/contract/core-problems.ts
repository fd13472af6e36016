/**
 * The problem codes of `core`: of requests as such, of signing in, of the
 * workspace and of what one person may hold (`core/server/limits.ts`, which
 * states the bounds of plugins too, and so their codes).
 */
import type { ProblemTable } from './problem.ts';

const ANY_ROUTE = 'any route';
const ANY_BODY = 'any route that takes a body';
const ANY_STREAM = 'any route that answers with an event stream';
const USER_COMMAND = '`npm run user`';

export const coreProblems = {
  'auth/bad-name': {
    status: 400,
    meaning: 'The name cannot be that of a user. Use a small letter, then up to 31 small letters, digits, `_` and `-`.',
    where: USER_COMMAND,
  },
  'auth/bad-password': {
    status: 400,
    meaning: 'The new password is too short or is not valid text. Choose a longer one.',
    where: USER_COMMAND,
  },
  'auth/name-taken': { status: 409, meaning: 'There is a user with that name. Choose another name.', where: USER_COMMAND },
  'auth/not-signed-in': {
    status: 401,
    meaning: 'The route needs a session and the request has none, or it has ended. Sign in.',
    where: 'any route but the public ones',
  },
  'auth/password-changed': {
    status: 409,
    meaning: 'The password was changed elsewhere at the same time, and this change was not made. Sign in again.',
  },
  'auth/published-password': {
    status: 403,
    meaning: "The password is the published one of a first user, which counts only on the server's own machine. Change it there first.",
  },
  'auth/role-missing': {
    status: 403,
    meaning: 'The account does not have the role that the route needs. Ask somebody who has it, or an administrator for the role.',
    where: 'any route for viewers or editors',
  },
  'auth/same-password': { status: 422, meaning: 'The new password is the current one. Choose another.' },
  'auth/throttled': {
    status: 429,
    meaning: 'Too many wrong passwords for this name or from this address. Wait as long as `Retry-After` says.',
    where: 'any route, for a request with a name and a password',
  },
  'auth/unknown-user': { status: 404, meaning: 'There is no user with that name. `npm run user -- list` shows them.', where: USER_COMMAND },
  'auth/wrong-credentials': {
    status: 401,
    meaning: 'The name or the password is wrong. Check both.',
    where: 'any route, for a request with a name and a password',
  },
  'auth/wrong-password': { status: 403, meaning: 'The current password is wrong, and nothing was changed. Enter it again.' },

  'core/busy': {
    status: 503,
    meaning: 'The database or the server has as much to do as it can hold. Try again after `Retry-After` seconds.',
    where: ANY_ROUTE,
  },
  'core/disk-full': {
    status: 507,
    meaning: "The server's disk is full, and nothing was changed. Make room and try again.",
    where: ANY_ROUTE,
  },
  'core/internal': {
    status: 500,
    meaning: "Something went wrong that ved does not expect. The server's log says more under the `request_id`.",
    where: ANY_ROUTE,
  },
  'core/required-plugin': { status: 409, meaning: 'ved cannot run without this plugin, so it cannot be disabled.' },
  'core/too-many-streams': {
    status: 429,
    meaning: 'The person has 64 event streams open. Close some pages of ved.',
    where: ANY_STREAM,
  },
  'core/too-much-sent': {
    status: 429,
    meaning: 'The person is sending more than 72 MiB at once. Send the rest when this is done.',
    where: ANY_BODY,
  },
  'core/too-much-unread': {
    status: 429,
    meaning: 'More than 64 MiB of answers to the person have not been read. Read them or close their connections.',
    where: ANY_ROUTE,
  },
  'core/unknown-plugin': { status: 404, meaning: 'There is no plugin with that id. `GET /api/plugins` lists them.' },

  'editor/too-many-open': {
    status: 422,
    meaning: 'The person has more than 200 scripts open, the most that others are shown. Close some tabs.',
  },
  'editor/too-many-pages': {
    status: 429,
    meaning: 'The person has ved open in 48 pages. Close some; closed pages are forgotten within 45 s.',
  },

  'git/busy': {
    status: 503,
    meaning: 'Too many clones are being served, to this person or to all. Try again after `Retry-After` seconds.',
    where: 'cloning from `/git/scripts.git`',
  },
  'git/too-many-clones': {
    status: 429,
    meaning: 'The person has 16 requests of clones under way. Let some end first.',
    where: 'cloning from `/git/scripts.git`',
  },

  'page/busy': {
    status: 503,
    meaning: 'The server cannot open more files at the moment. Try again in a few seconds.',
    where: 'the files of the page',
  },
  'page/no-plugin-file': {
    status: 404,
    meaning: 'A plugin by others has no such file, or has not started. See why in the list of plugins.',
    where: 'the files below `/plugins/`',
  },
  'page/old-asset': {
    status: 404,
    meaning: 'The page asked for a file of another version of ved. Reload the page.',
    where: 'the files of the page',
  },

  'request/cross-origin': {
    status: 403,
    meaning: 'The request would change something and came from another site. From a program, send JSON and no `Origin`.',
    where: 'any route that changes something',
  },
  'request/cut-short': { status: 400, meaning: 'The connection closed before the whole body had arrived. Send it again.', where: ANY_BODY },
  'request/invalid': {
    status: 400,
    meaning: 'A parameter or a member of the body does not have the shape that the route declares; `issues` says which. Correct it.',
    where: ANY_ROUTE,
  },
  'request/malformed-json': { status: 400, meaning: 'The body is not JSON in UTF-8. Correct it.', where: ANY_BODY },
  'request/method-not-allowed': {
    status: 405,
    meaning: 'The path exists, but not with this method. Use one of those in `Allow`.',
    where: 'any path',
  },
  'request/too-large': { status: 413, meaning: 'The body is larger than the route takes. Send less.', where: ANY_BODY },
  'request/too-many-connections': {
    status: 503,
    meaning: 'Too many connections to the server are open. Close some pages or programs, then try again in a few seconds.',
    where: 'any connection',
  },
  'request/too-many-values': { status: 400, meaning: 'The JSON of the body holds too many values. Send it in parts.', where: ANY_BODY },
  'request/too-nested': { status: 400, meaning: 'The JSON of the body is nested too deeply. No route takes such JSON.', where: ANY_BODY },
  'request/unknown-host': {
    status: 403,
    meaning: 'The `Host` header is not a name of this machine. Behind a proxy, set `VED_TRUST_PROXY=1`.',
    where: ANY_ROUTE,
  },
  'request/unknown-path': {
    status: 404,
    meaning: 'There is nothing at this path. Check it against `/api/openapi.json`.',
    where: 'any path',
  },
  'request/unsupported-charset': { status: 415, meaning: 'The body says that it is not UTF-8. Send UTF-8.', where: ANY_BODY },
  'request/unsupported-encoding': { status: 415, meaning: 'The body is compressed. Send it without `Content-Encoding`.', where: ANY_BODY },
  'request/unsupported-media-type': {
    status: 415,
    meaning: 'The body is not declared as JSON. Send it with `Content-Type: application/json`.',
    where: ANY_BODY,
  },

  'runner/packages-busy': {
    status: 503,
    meaning: 'Too many runs wait for packages, of this person or of all. The run stays queued and starts by itself.',
    where: 'the reason of a queued run; no route answers with it',
  },
  'runner/queue-full': { status: 503, meaning: 'The person has 1,000 single runs waiting. Wait for some to end, or cancel them.' },
  'runner/too-many-passes': { status: 503, meaning: 'The person has 20 passes that are not over. Wait for one to end, or cancel some.' },

  'user/usage': {
    status: 400,
    meaning: 'The command line is not one that `npm run user` knows. Its help lists them.',
    where: USER_COMMAND,
  },

  'workspace/settings-full': { status: 422, meaning: "The person's settings would take more than 1 MiB. Remove some." },
  'workspace/state-full': {
    status: 422,
    meaning: 'The layout and what panels remember would take more than 2 MiB. Close some tabs, or reset the layout.',
  },
  'workspace/too-many': { status: 422, meaning: 'More than 500 settings or keys of the state would be kept for the person. Remove some.' },
  'workspace/value-too-large': { status: 422, meaning: 'A value of the state is larger than 1 MiB. Keep less in it.' },
} as const satisfies ProblemTable;

declare module './problem.ts' {
  interface ProblemTables {
    core: typeof coreProblems;
  }
}
