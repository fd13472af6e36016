/** Exports the catalog as a zip: one file per script, named after its number, and a manifest with the rest. */
import { type RawResponse, type ZippedFile, zipAnswer } from '@ved/core/server';
import type { Knex } from 'knex';
import { formatNumber, fromHundredths } from '../ordering-number.ts';
import { liveScript, newestContent, prodOf, testData } from '../store/catalog-store.ts';
import { versionInfo } from '../store/rows.ts';

/** The version of the manifest's format, for programs that read exports. */
const FORMAT = 1;
/** The length of a file name in graphemes, without number and extension. */
const NAME_LENGTH = 60;
/** File names have at most 255 bytes on nearly every system; minus the number and the longest extension. */
const NAME_BYTES = 255 - '99999.99_.test-data.txt'.length;
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

export async function exportZip(db: Knex): Promise<RawResponse> {
  const ids = await db('catalog_scripts')
    .whereNull('deleted_at')
    .whereNotNull('latest_version_id')
    .orderBy('ordering')
    .pluck<number[]>('id');
  const withData = new Set(await db('catalog_test_data').whereNot({ content: '' }).pluck<number[]>('script_id'));
  const files: ZippedFile[] = [];
  const scripts: object[] = [];
  for (const id of ids) {
    const { script, newest } = await liveScript(db, id);
    const file = fileName(script.ordering, newest.name);
    const hasData = withData.has(id);
    files.push({ name: `${file}.py`, bytes: async () => Buffer.from(await newestContent(db, id)) });
    if (hasData) files.push({ name: `${file}.test-data.txt`, bytes: async () => Buffer.from(await testData(db, id)) });
    scripts.push({
      id,
      ordering_number: fromHundredths(script.ordering),
      descriptive_name: newest.name,
      file: `${file}.py`,
      test_data_file: hasData ? `${file}.test-data.txt` : null,
      version: versionInfo(newest),
      prod_version_id: (await prodOf(db, id))?.version_id ?? null,
    });
  }
  files.push({ name: 'manifest.json', bytes: () => Buffer.from(`${JSON.stringify({ format: FORMAT, scripts }, null, 2)}\n`) });
  return zipAnswer('ved-scripts.zip', files);
}

/** `3.02_sum_the_ledger`. Unique, since numbers are; safe on every file system. */
function fileName(ordering: number, name: string): string {
  const words =
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const short = shortened(words.join('_'));
  return [formatNumber(ordering), ...(short === '' ? [] : [short])].join('_');
}

/** Cut between graphemes, so that neither a character nor a letter and its accents are split. */
function shortened(text: string): string {
  let short = '';
  let count = 0;
  for (const { segment } of characters.segment(text)) {
    count += 1;
    if (count > NAME_LENGTH || Buffer.byteLength(short) + Buffer.byteLength(segment) > NAME_BYTES) break;
    short += segment;
  }
  return short;
}
