/** Parses, in a thread, JSON whose length would hold up everybody else. */
import { setImmediate } from 'node:timers/promises';
import { WorkThread } from '../thread/work-thread.ts';
import type { JSON_WORK } from './json-work.ts';

/** Bytes up to which to parse takes a few milliseconds: less than to start a thread. */
export const LONG_JSON_LENGTH = 256 * 1024;

// One for all servers of a process; nothing of it is left once it is idle.
const thread = new WorkThread<typeof JSON_WORK>('json-worker', import.meta.url);

/** The parsed text of the blocks, which are gone afterwards. Throws SyntaxError for what is not well-formed JSON in UTF-8. */
export async function parseLongJson(blocks: Uint8Array<ArrayBuffer>[]): Promise<unknown> {
  const parsed = await thread.ask(
    'parse',
    [blocks],
    blocks.map(({ buffer }) => buffer),
  );
  if ('malformed' in parsed) throw new SyntaxError(parsed.malformed);
  // To receive it took a while; what comes next has a turn of its own.
  await setImmediate();
  return parsed.value;
}
