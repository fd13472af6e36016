/** What the catalog refuses, each with its code, its data and what to do about it. */
import { CONTENT_LIMIT_BYTES, type ImportedFile, TEST_DATA_LIMIT_BYTES, type VersionInfo } from '@ved/catalog/contract';
import { Conflict, InvalidInput, NotFound, TooLarge, Unprocessable } from '@ved/core/contract';
import { formatNumber, fromHundredths } from './ordering-number.ts';

/** A live script, as a refusal names it. */
export interface NamedScript {
  readonly id: number;
  readonly ordering: number;
  readonly name: string;
}

export function noSuchScript(id: number): NotFound {
  return new NotFound('catalog/no-such-script', `There is no script with the id ${id}. It may have been deleted.`);
}

export function noSuchVersion(scriptId: number, versionId: number): NotFound {
  return new NotFound('catalog/no-such-version', `The script ${scriptId} has no version with the id ${versionId}.`);
}

export function notOnProd(scriptId: number): NotFound {
  return new NotFound('catalog/not-on-prod', `The script ${scriptId} is not on prod yet. Merge it first.`);
}

/** There is nothing to take off prod. */
export function nothingOnProd(scriptId: number): Conflict {
  return new Conflict('catalog/nothing-on-prod', `Nothing of the script ${scriptId} is on prod, so there is nothing to take off.`);
}

/** `free` is a number to take instead, in hundredths; null when none is left near it. */
export function numberTaken(ordering: number, by: NamedScript, free: number | null): Conflict {
  const instead = free === null ? 'Choose another.' : `${formatNumber(free)} is free.`;
  return new Conflict('catalog/number-taken', `${formatNumber(ordering)} is taken by “${by.name}” (script ${by.id}). ${instead}`, {
    data: {
      ordering_number: fromHundredths(ordering),
      taken_by: { id: by.id, ordering_number: fromHundredths(by.ordering), descriptive_name: by.name },
      next_free: free === null ? null : fromHundredths(free),
    },
  });
}

/** What was to be moved is not where its mover believes it to be. */
export function orderChanged(script: NamedScript, from: number): Conflict {
  return new Conflict(
    'catalog/order-changed',
    `Somebody changed the order meanwhile: “${script.name}” has the number ${formatNumber(script.ordering)} now, not ${formatNumber(from)}. Nothing was moved.`,
    { data: { script_id: script.id, ordering_number: fromHundredths(script.ordering) } },
  );
}

export function numberGivenTwice(ordering: number, ids: readonly number[]): Conflict {
  const number = fromHundredths(ordering);
  return new Conflict(
    'catalog/number-taken',
    `${formatNumber(ordering)} is given to the scripts ${ids.join(' and ')}. Give each its own.`,
    {
      data: { ordering_number: number, script_ids: ids },
    },
  );
}

export function numbersExhausted(): Conflict {
  return new Conflict('catalog/no-number-left', 'No number is left after the last group. Give a free number, or move the last group down.');
}

export function movedTwice(id: number): Unprocessable {
  return new Unprocessable('catalog/moved-twice', `The script ${id} is moved twice in one request. Name each script once.`);
}

export function stale(current: VersionInfo): Conflict {
  return new Conflict(
    'catalog/stale',
    `Version ${current.major}.${current.minor} by ${current.committer} is newer than the one that you edited. Compare, then save over it or fork.`,
    { data: { current } },
  );
}

export function notEmpty(): Conflict {
  return new Conflict('catalog/not-empty', 'The catalog holds scripts already; samples are for an empty one.');
}

export function importTooLarge(limit: string): TooLarge {
  return new TooLarge('catalog/import-too-large', `One import takes at most ${limit}. Import these in parts.`);
}

export function notBase64(path: string): InvalidInput {
  return new InvalidInput('catalog/not-base64', `The content of ${path} is no base64. Encode the file's bytes, padding included.`);
}

export function importRefused(files: readonly ImportedFile[]): Unprocessable {
  const refused = files.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  const others = refused.length > 1 ? ` So are ${refused.length - 1} more.` : '';
  return new Unprocessable(
    'catalog/import-refused',
    `Nothing was imported: ${first!.path} is refused. ${first!.detail}${others} Mend them, or leave them out.`,
    { data: { files: refused } },
  );
}

export function nothingToImport(files: readonly ImportedFile[]): Unprocessable {
  return new Unprocessable('catalog/nothing-to-import', 'None of these files becomes a script. Choose .py files, or a zip with some.', {
    data: { files },
  });
}

/** Refuses a text that is too large or that UTF-8 cannot hold; anything else is kept byte for byte. */
export function checkContent(content: string): void {
  if (Buffer.byteLength(content) > CONTENT_LIMIT_BYTES) {
    throw new TooLarge('catalog/content-too-large', 'The script is larger than 1 MiB. Move data into its test data.');
  }
  checkText(content, 'The script');
}

/** As `checkContent`, with the limit of test data. */
export function checkTestData(testData: string): void {
  if (Buffer.byteLength(testData) > TEST_DATA_LIMIT_BYTES) {
    throw new TooLarge('catalog/test-data-too-large', 'The test data are larger than 16 MiB.');
  }
  checkText(testData, 'The test data');
}

/** A message becomes part of a commit, which cannot hold NUL. */
export function checkMessage(message: string): void {
  checkText(message, 'The message');
  if (message.includes('\0')) throw new Unprocessable('catalog/bad-text', 'The message holds a NUL character. Remove it.');
}

/** Bytes of JSON; enough for ids, ranges of lines and names of models. */
const PROVENANCE_LIMIT_BYTES = 64 * 1024;

/** Lists and objects inside one another. What is kept is written and read inside other JSON, and must never be too deep there. */
const PROVENANCE_DEPTH = 32;

/** The JSON of a provenance, or null for none. */
export function encodeProvenance(provenance: unknown): string | null {
  if (provenance === undefined || provenance === null) return null;
  measureProvenance(provenance);
  const json = JSON.stringify(provenance);
  if (Buffer.byteLength(json) > PROVENANCE_LIMIT_BYTES) throw provenanceTooLarge();
  return json;
}

function provenanceTooLarge(): TooLarge {
  return new TooLarge('catalog/provenance-too-large', 'The provenance of a version is at most 64 KiB of JSON.');
}

/** Refuses what is too large or too deep before it is written; stops at the bound, however much there is. */
function measureProvenance(provenance: unknown): void {
  let left = PROVENANCE_LIMIT_BYTES;
  const open: [value: unknown, depth: number][] = [[provenance, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    left -= typeof value === 'string' ? value.length + 2 : 1;
    if (typeof value === 'object' && value !== null) {
      if (depth > PROVENANCE_DEPTH) {
        throw new Unprocessable(
          'catalog/provenance-too-deep',
          `The provenance of a version is nested deeper than ${PROVENANCE_DEPTH} times.`,
        );
      }
      for (const key in value) {
        left -= key.length;
        open.push([(value as Record<string, unknown>)[key], depth + 1]);
        if (left < open.length) throw provenanceTooLarge();
      }
    }
    if (left < 0) throw provenanceTooLarge();
  }
}

function checkText(text: string, what: string): void {
  // Much faster than looking for one, and true of nearly every text.
  if (text.isWellFormed()) return;
  const at = text.search(/\p{Surrogate}/u);
  const line = text.slice(0, at).split('\n').length;
  throw new Unprocessable(
    'catalog/bad-text',
    `${what} holds half of a character (a lone surrogate) in line ${line}, which UTF-8 cannot hold. Remove it.`,
  );
}
