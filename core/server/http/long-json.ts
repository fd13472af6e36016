/** Parses long JSON in a thread, so that it does not block the server. */
import { setImmediate } from 'node:timers/promises';
import { WorkThread } from '../thread/work-thread.ts';
import type { JSON_WORK } from './json-work.ts';

/** Parsing this many bytes takes a few milliseconds, less than starting a thread. */
const SHORT_LENGTH = 256 * 1024;
/** With at least this many bytes per value on average, copying the result from the thread is faster than parsing. */
const LONG_VALUE_LENGTH = 256;

// One for all servers of a process; it ends when idle.
const thread = new WorkThread<typeof JSON_WORK>('json-worker', import.meta.url);

/** Whether JSON of this size is better parsed in the thread. */
export function isLongJson(length: number, values: number): boolean {
  return length > SHORT_LENGTH && length > values * LONG_VALUE_LENGTH;
}

/** Parses the blocks, which are transferred and unusable afterwards; decodes long base64 of the given members unless it is malformed. Throws SyntaxError for anything but valid JSON in UTF-8. */
export async function parseLongJson(blocks: Uint8Array<ArrayBuffer>[], base64Members: readonly string[] = []): Promise<unknown> {
  const parsed = await thread.ask(
    'parse',
    [blocks, base64Members],
    blocks.map(({ buffer }) => buffer),
  );
  if ('malformed' in parsed) throw new SyntaxError(parsed.malformed);
  // Receiving the result took a while, so what follows gets its own turn of the event loop.
  await setImmediate();
  return parsed.value;
}
