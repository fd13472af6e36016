/** The problem codes of the scripts repository. */
import type { ProblemTable } from '@ved/core/contract';

const CLONE = 'cloning from `/git/scripts.git`';
const ANY_COMMIT = 'any route that writes a version or prod';
const BY_PLUGIN = 'a plugin that calls the repository; no request can cause it';

export const gitProblems = {
  'git/bad-author': { status: 400, meaning: 'The author of a commit is not the name of a user.', where: BY_PLUGIN },
  'git/bad-branch': { status: 400, meaning: 'The branch is not named after a user.', where: BY_PLUGIN },
  'git/bad-gzip': { status: 400, meaning: 'The clone request is not valid gzip. Clone again.', where: CLONE },
  'git/bad-message': { status: 400, meaning: 'The message of a commit contains NUL. Remove it.', where: BY_PLUGIN },
  'git/bad-object-id': { status: 400, meaning: 'A commit id does not have 40 hexadecimal digits.', where: BY_PLUGIN },
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
    meaning: 'Another program has locked the branch. Try again; an administrator may remove a stale lock.',
    where: ANY_COMMIT,
  },
  'git/cut-short': { status: 400, meaning: 'The clone request was cut short. Clone again.', where: CLONE },
  'git/disk-full': {
    status: 507,
    meaning: 'The disk of the scripts repository is full, and nothing was saved. Free some space and save again.',
    where: ANY_COMMIT,
  },
  'git/method-not-allowed': {
    status: 405,
    meaning: 'The path does not allow this method. Use one of those in `Allow`.',
    where: CLONE,
  },
  'git/no-smart-http': {
    status: 404,
    meaning: 'Git is not installed on the server. Git clients fall back to the dumb protocol by themselves.',
    where: CLONE,
  },
  'git/no-such-file': {
    status: 404,
    meaning: 'The repository has no such file. Git requests many files that need not exist.',
    where: CLONE,
  },
  'git/not-unicode': { status: 400, meaning: 'A text contains half a character (a lone surrogate). Remove it.', where: BY_PLUGIN },
  'git/not-utf8': {
    status: 422,
    meaning: 'A script in a commit is not UTF-8, so ved did not write it. Fix the repository with git.',
    where: 'any route that reads a text from git',
  },
  'git/read-only': { status: 403, meaning: 'The repository cannot be pushed to. Save in the workspace instead.', where: CLONE },
  'git/request-too-large': {
    status: 413,
    meaning: 'The clone request is larger than git ever sends. Clone into an empty folder.',
    where: CLONE,
  },
  'git/silent': { status: 400, meaning: 'The client stopped sending in the middle of the request. Clone again.', where: CLONE },
  'git/unexpected-encoding': { status: 415, meaning: 'The clone request is neither plain nor gzip. Use git.', where: CLONE },
  'git/unexpected-type': {
    status: 415,
    meaning: 'The clone request does not have the content type that git sends. Use git.',
    where: CLONE,
  },
  'git/unknown-commit': {
    status: 404,
    meaning: 'The repository has no such commit. It may be damaged; restore it from a backup.',
    where: BY_PLUGIN,
  },
  'git/unknown-parent': { status: 400, meaning: 'A parent of the new commit is not in the repository.', where: BY_PLUGIN },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    git: typeof gitProblems;
  }
}
