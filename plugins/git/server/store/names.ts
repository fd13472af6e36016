/**
 * Parses every name that could reach a path, a ref or a commit. Code that gets a
 * name from here does not check it again.
 */
import { InvalidInput } from '@ved/core/contract';

/** A username, which is also the name of an editor's branch. Contains no dot, slash or `@{`. */
const USERNAME = /^[a-z][a-z0-9_-]{0,31}$/;
const OBJECT_ID = /^[0-9a-f]{40}$/;

/** A branch name without `refs/heads/`. */
export function parseBranch(branch: string): string {
  if (!USERNAME.test(branch)) {
    throw new InvalidInput('git/bad-branch', 'A branch is named after a user: a letter, then up to 31 of a-z, 0-9, "_" and "-".');
  }
  return branch;
}

/** Whether a file in `refs/heads` is a branch that ved could have created; real git may have created others. */
export function isBranch(name: string): boolean {
  return USERNAME.test(name);
}

/** The author of a commit. */
export function parseAuthor(author: string): string {
  if (!USERNAME.test(author)) {
    throw new InvalidInput('git/bad-author', 'An author is a user: a letter, then up to 31 of a-z, 0-9, "_" and "-".');
  }
  return author;
}

/** The path of a script's file on a branch. */
export function scriptFile(scriptId: number): string {
  if (!Number.isSafeInteger(scriptId) || scriptId < 1) {
    throw new InvalidInput('git/bad-script-id', 'The id of a script must be a positive whole number.');
  }
  return `${scriptId}.py`;
}

/** A full object id of 40 digits, never an abbreviation or a ref. */
export function parseObjectId(oid: string): string {
  if (!OBJECT_ID.test(oid)) throw new InvalidInput('git/bad-object-id', 'A commit id must have all 40 hexadecimal digits.');
  return oid;
}

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}
