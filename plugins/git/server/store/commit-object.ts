/** Encodes and parses commit objects. */
import { type GitObject, makeObject } from './object-codec.ts';

export interface CommitFields {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** Message and trailers. */
  readonly text: string;
}

/** Author and committer are the same user, in UTC. Mail to the address is never delivered: `.invalid` is a reserved domain. */
export function makeCommit({ tree, parents, author, seconds, text }: CommitFields): GitObject {
  const person = `${author} <${author}@ved.invalid> ${seconds} +0000`;
  const header = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${person}`, `committer ${person}`];
  return makeObject('commit', Buffer.from(`${header.join('\n')}\n\n${text}`));
}

const AUTHOR = /^author (.*?) ?<[^>\n]*> (-?\d+) [+-]\d{4}$/m;

/** Parses a commit, including one made by another program. Throws when the bytes are not a commit. */
export function parseCommit(content: Buffer): CommitFields {
  const whole = content.toString('utf8');
  const split = whole.indexOf('\n\n');
  const header = split < 0 ? whole : whole.slice(0, split);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(header)?.[1];
  const author = AUTHOR.exec(header);
  if (tree === undefined || author === null) throw new Error('an object of the scripts repository is not a readable commit');
  return {
    tree,
    parents: [...header.matchAll(/^parent ([0-9a-f]{40})$/gm)].map((match) => match[1]!),
    author: author[1]!,
    seconds: Number(author[2]),
    text: split < 0 ? '' : whole.slice(split + 2),
  };
}
