/** Parses, in a thread, JSON whose length would hold up everybody else. */
import { setImmediate } from 'node:timers/promises';
import { WorkThread } from '../thread/work-thread.ts';
import type { JSON_WORK } from './json-work.ts';

/** Bytes up to which to parse takes a few milliseconds: less than to start a thread. */
const SHORT_LENGTH = 256 * 1024;
/** Bytes of a value on an average, from which on it is taken over from the thread in less time than it is parsed. */
const LONG_VALUE_LENGTH = 256;

// One for all servers of a process; nothing of it is left once it is idle.
const thread = new WorkThread<typeof JSON_WORK>('json-worker', import.meta.url);

/** Whether JSON of so many bytes and values is better parsed in the thread. */
export function isLongJson(length: number, values: number): boolean {
  return length > SHORT_LENGTH && length > values * LONG_VALUE_LENGTH;
}

/** The parsed text of the blocks, which are gone afterwards; long base64 of the members named is decoded, unless it is malformed. Throws SyntaxError for what is not well-formed JSON in UTF-8. */
export async function parseLongJson(blocks: Uint8Array<ArrayBuffer>[], base64Members: readonly string[] = []): Promise<unknown> {
  const parsed = await thread.ask(
    'parse',
    [blocks, base64Members],
    blocks.map(({ buffer }) => buffer),
  );
  if ('malformed' in parsed) throw new SyntaxError(parsed.malformed);
  // To receive it took a while; what comes next has a turn of its own.
  await setImmediate();
  return parsed.value;
}
