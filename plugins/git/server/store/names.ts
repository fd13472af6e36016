/**
 * The edge: every name that could reach a path, a ref or a commit is parsed
 * here, and nothing behind this file checks again.
 */
import { InvalidInput } from '@ved/core/contract';

/** What a person is called, and so what an editor's branch is called. No dot, slash or `@{` can pass. */
const USERNAME = /^[a-z][a-z0-9_-]{0,31}$/;
const OBJECT_ID = /^[0-9a-f]{40}$/;

/** A branch, without `refs/heads/`. */
export function parseBranch(branch: string): string {
  if (!USERNAME.test(branch)) {
    throw new InvalidInput('git/bad-branch', 'A branch is named after a user: a letter, then up to 31 of a-z, 0-9, "_" and "-".');
  }
  return branch;
}

/** Whether a file in `refs/heads` is a branch that ved could have made; real git may have put others there. */
export function isBranch(name: string): boolean {
  return USERNAME.test(name);
}

/** The user who signs a commit. */
export function parseAuthor(author: string): string {
  if (!USERNAME.test(author)) {
    throw new InvalidInput('git/bad-author', 'An author is a user: a letter, then up to 31 of a-z, 0-9, "_" and "-".');
  }
  return author;
}

/** The file of a script at the root of a branch. */
export function scriptFile(scriptId: number): string {
  if (!Number.isSafeInteger(scriptId) || scriptId < 1) {
    throw new InvalidInput('git/bad-script-id', 'The id of a script must be a positive whole number.');
  }
  return `${scriptId}.py`;
}

/** The id of an object: the whole 40 digits, never an abbreviation or a ref. */
export function parseObjectId(oid: string): string {
  if (!OBJECT_ID.test(oid)) throw new InvalidInput('git/bad-object-id', 'A commit id must have all 40 hexadecimal digits.');
  return oid;
}

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}
