/** The folded text to search in. A long text is folded in slices: a MiB of non-ASCII takes a third of a second. */
import { setImmediate } from 'node:timers/promises';
import { foldForSearch } from '@ved/catalog/contract';
import { Breather } from '@ved/core/server';

/** Characters; a few milliseconds in the worst case. */
const SLICE_LENGTH = 4096;
const LONG_LENGTH = 64 * SLICE_LENGTH;
/** How far a cut may move to come before an ASCII character, which never combines with what is before it. */
const REACH = 256;

export async function searchTextOf(text: string): Promise<string> {
  if (text.length <= SLICE_LENGTH) return foldForSearch(text);
  const breather = new Breather();
  const folded: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = cutNear(text, start + SLICE_LENGTH);
    folded.push(foldForSearch(text.slice(start, end)));
    start = end;
    await breather.breathe();
  }
  // What follows for a long text, such as hashing it, gets its own turn of the event loop.
  if (text.length > LONG_LENGTH) await setImmediate();
  return folded.join('');
}

function cutNear(text: string, wanted: number): number {
  if (wanted >= text.length) return text.length;
  for (let at = wanted; at < wanted + REACH && at < text.length; at += 1) if (text.charCodeAt(at) < 0x80) return at;
  // A match across this cut is missed, but no character is split.
  return /[\udc00-\udfff]/.test(text[wanted]!) ? wanted + 1 : wanted;
}
