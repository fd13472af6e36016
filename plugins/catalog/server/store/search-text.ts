/** What is kept of a text to search in. A long one is folded a slice at a time: a MiB without ASCII takes a third of a second. */

import { foldForSearch } from '@ved/catalog/contract';
import { Breather } from '@ved/core/server';

/** Characters; some milliseconds in the worst case. */
const SLICE_LENGTH = 4096;
/** How far a cut moves to come before a character of ASCII, which belongs to nothing before it. */
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
  return folded.join('');
}

function cutNear(text: string, wanted: number): number {
  if (wanted >= text.length) return text.length;
  for (let at = wanted; at < wanted + REACH && at < text.length; at += 1) if (text.charCodeAt(at) < 0x80) return at;
  // Nothing is found across this one, and no character is cut in two.
  return /[\udc00-\udfff]/.test(text[wanted]!) ? wanted + 1 : wanted;
}
