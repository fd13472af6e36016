/** The catalog's errors, each with its code, its data and what to do about it. */
import { CONTENT_LIMIT_BYTES, type ImportedFile, TEST_DATA_LIMIT_BYTES, type VersionInfo } from '@ved/catalog/contract';
import { Conflict, InvalidInput, NotFound, TooLarge, Unprocessable } from '@ved/core/contract';
import { formatNumber, fromHundredths } from './ordering-number.ts';

/** A live script, as errors name it. */
export interface NamedScript {
  readonly id: number;
  readonly ordering: number;
  readonly name: string;
}

export function noSuchScript(id: number): NotFound {
  return new NotFound('catalog/no-such-script', `There is no script with id ${id}. It may have been deleted.`);
}

export function noSuchVersion(scriptId: number, versionId: number): NotFound {
  return new NotFound('catalog/no-such-version', `Script ${scriptId} has no version with id ${versionId}.`);
}

export function notOnProd(scriptId: number): NotFound {
  return new NotFound('catalog/not-on-prod', `Script ${scriptId} is not on prod. Merge it first.`);
}

/** The script cannot be taken off prod. */
export function nothingOnProd(scriptId: number): Conflict {
  return new Conflict('catalog/nothing-on-prod', `Script ${scriptId} is not on prod, so it cannot be taken off prod.`);
}

/** `free` is a free number of the group, in hundredths; null when the group is full. */
export function numberTaken(ordering: number, by: NamedScript, free: number | null): Conflict {
  const instead = free === null ? 'Choose another number.' : `${formatNumber(free)} is free.`;
  return new Conflict('catalog/number-taken', `${formatNumber(ordering)} is taken by “${by.name}” (script ${by.id}). ${instead}`, {
    data: {
      ordering_number: fromHundredths(ordering),
      taken_by: { id: by.id, ordering_number: fromHundredths(by.ordering), descriptive_name: by.name },
      next_free: free === null ? null : fromHundredths(free),
    },
  });
}

/** A script to be moved no longer has the number that the client saw. */
export function orderChanged(script: NamedScript, from: number): Conflict {
  return new Conflict(
    'catalog/order-changed',
    `Somebody has changed the order: “${script.name}” is now ${formatNumber(script.ordering)}, not ${formatNumber(from)}. Nothing was moved.`,
    { data: { script_id: script.id, ordering_number: fromHundredths(script.ordering) } },
  );
}

export function numberGivenTwice(ordering: number, ids: readonly number[]): Conflict {
  const number = fromHundredths(ordering);
  return new Conflict(
    'catalog/number-taken',
    `The request gives ${formatNumber(ordering)} to both scripts ${ids.join(' and ')}. Give each its own number.`,
    {
      data: { ordering_number: number, script_ids: ids },
    },
  );
}

export function numbersExhausted(): Conflict {
  return new Conflict(
    'catalog/no-number-left',
    'There is no free group after the last one. Choose a free number, or move the last group to a lower number.',
  );
}

export function movedTwice(id: number): Unprocessable {
  return new Unprocessable('catalog/moved-twice', `The request moves script ${id} twice. Name each script once.`);
}

export function stale(current: VersionInfo): Conflict {
  return new Conflict(
    'catalog/stale',
    `Version ${current.major}.${current.minor} by ${current.committer} is newer than the one you edited. Compare the two, then save on top of it or fork.`,
    { data: { current } },
  );
}

export function notEmpty(): Conflict {
  return new Conflict('catalog/not-empty', 'The catalog already has scripts. Samples can only be loaded into an empty catalog.');
}

export function importTooLarge(limit: string): TooLarge {
  return new TooLarge('catalog/import-too-large', `An import can have at most ${limit}. Import in parts.`);
}

export function notBase64(path: string): InvalidInput {
  return new InvalidInput('catalog/not-base64', `The content of ${path} is not valid base64. Encode the file's bytes, with padding.`);
}

export function importRefused(files: readonly ImportedFile[]): Unprocessable {
  const refused = files.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  const others = refused.length > 1 ? ` ${refused.length - 1} more were refused.` : '';
  return new Unprocessable(
    'catalog/import-refused',
    `Nothing was imported: ${first!.path} was refused. ${first!.detail}${others} Fix the files, or import without them.`,
    { data: { files: refused } },
  );
}

export function nothingToImport(files: readonly ImportedFile[]): Unprocessable {
  return new Unprocessable('catalog/nothing-to-import', 'None of these files is a script. Choose .py files, or a zip that contains some.', {
    data: { files },
  });
}

/** Refuses a text that is too large or cannot be encoded as UTF-8; any other is stored byte for byte. */
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

/** A message becomes part of a commit, which cannot contain NUL. */
export function checkMessage(message: string): void {
  checkText(message, 'The message');
  if (message.includes('\0')) throw new Unprocessable('catalog/bad-text', 'The message contains a NUL character. Remove it.');
}

/** Bytes of JSON; enough for ids, line ranges and model names. */
const PROVENANCE_LIMIT_BYTES = 64 * 1024;

/** Nesting of lists and objects. A provenance is embedded in other JSON, which must not get too deep. */
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
  return new TooLarge('catalog/provenance-too-large', 'The provenance is larger than 64 KiB of JSON. Make it smaller.');
}

/** Refuses a provenance that is too large or too deep before it is serialised; stops at the limit, however large it is. */
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
          `The provenance is nested more than ${PROVENANCE_DEPTH} levels deep. Flatten it.`,
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
  // Much faster than a search, and true for nearly every text.
  if (text.isWellFormed()) return;
  const at = text.search(/\p{Surrogate}/u);
  const line = text.slice(0, at).split('\n').length;
  throw new Unprocessable(
    'catalog/bad-text',
    `${what} contains half a character (a lone surrogate) in line ${line}, which is not valid UTF-8. Remove it.`,
  );
}
