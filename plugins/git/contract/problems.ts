/** The problem codes of the scripts repository. */
import type { ProblemTable } from '@ved/core/contract';

const CLONE = 'cloning from `/git/scripts.git`';
const ANY_COMMIT = 'any route that writes a version or prod';
const BY_PLUGIN = 'a plugin that calls the repository; no request can cause it';

export const gitProblems = {
  'git/bad-author': { status: 400, meaning: 'The author of a commit is not the name of a user.', where: BY_PLUGIN },
  'git/bad-branch': { status: 400, meaning: 'The branch is not named after a user.', where: BY_PLUGIN },
  'git/bad-gzip': { status: 400, meaning: 'The request of the clone is not well-formed gzip. Clone again.', where: CLONE },
  'git/bad-message': { status: 400, meaning: 'The message of a commit holds NUL. Remove it.', where: BY_PLUGIN },
  'git/bad-object-id': { status: 400, meaning: 'A commit is not named by its 40 hexadecimal digits.', where: BY_PLUGIN },
  'git/bad-script-id': { status: 400, meaning: 'The id of a script is not a positive whole number.', where: BY_PLUGIN },
  'git/bad-time': { status: 400, meaning: 'A commit has no time.', where: BY_PLUGIN },
  'git/bad-trailer': { status: 400, meaning: 'A trailer of a commit is not one line of `Name: value`.', where: BY_PLUGIN },
  'git/branch-busy': {
    status: 503,
    meaning: 'Another program keeps changing the branch in the repository. Try again after `Retry-After` seconds.',
    where: ANY_COMMIT,
  },
  'git/branch-locked': {
    status: 503,
    meaning: 'Another program holds the lock of the branch. Try again; an administrator may remove a lock that was left behind.',
    where: ANY_COMMIT,
  },
  'git/cut-short': { status: 400, meaning: 'The connection closed in the middle of the request. Clone again.', where: CLONE },
  'git/disk-full': {
    status: 507,
    meaning: 'The disk of the scripts repository is full, and nothing was saved. Free some space and save again.',
    where: ANY_COMMIT,
  },
  'git/method-not-allowed': {
    status: 405,
    meaning: 'The path is not answered with this method. Use one of those in `Allow`.',
    where: CLONE,
  },
  'git/no-smart-http': {
    status: 404,
    meaning: 'The server has no git program. Real git falls back to the plain files by itself.',
    where: CLONE,
  },
  'git/no-such-file': { status: 404, meaning: 'The repository has no such file. Git asks for many that need not be there.', where: CLONE },
  'git/not-unicode': { status: 400, meaning: 'A text holds half of a character (a lone surrogate). Remove it.', where: BY_PLUGIN },
  'git/not-utf8': {
    status: 422,
    meaning: 'A script in a commit is not UTF-8, so ved did not write it. Correct the repository with git.',
    where: 'any route that reads a text from git',
  },
  'git/read-only': { status: 403, meaning: 'The repository cannot be pushed to. Save in the workspace instead.', where: CLONE },
  'git/request-too-large': {
    status: 413,
    meaning: 'The request of the clone is larger than git ever sends. Clone into an empty folder.',
    where: CLONE,
  },
  'git/silent': { status: 400, meaning: 'The client stopped sending in the middle of the request. Clone again.', where: CLONE },
  'git/unexpected-encoding': { status: 415, meaning: 'The request of the clone is neither plain nor gzip. Use git.', where: CLONE },
  'git/unexpected-type': {
    status: 415,
    meaning: 'The request of the clone does not have the content type that git sends. Use git.',
    where: CLONE,
  },
  'git/unknown-commit': {
    status: 404,
    meaning: 'The repository has no such commit. It may be damaged; restore it from a backup.',
    where: BY_PLUGIN,
  },
  'git/unknown-parent': { status: 400, meaning: 'A commit is to have a parent that the repository does not have.', where: BY_PLUGIN },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    git: typeof gitProblems;
  }
}
