/**
 * Makes what people wrote safe to show beside what ved says: a name cannot turn
 * its surroundings around, hide a part of itself, or run over what is below it.
 * What arrives from the server passes here once (`client/shown-members.ts`);
 * whatever else is shown by a name calls `safeName`.
 */

/** Stands for characters that are not to be seen, so that two names that differ look different. */
const HIDDEN = '\uFFFD';

/**
 * What is part of a readable text although it is not to be seen: joiners and
 * variation selectors inside emoji, joiners in scripts that write with them
 * (Unicode 17, 23.2), and the tags of a flag. Tried before the rest.
 */
const JOINED = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`;
const SHAPED = String.raw`(?<=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hani}\p{sc=Hang}]])[\u200C\u200D](?=\p{L})`;
const VARIANT = String.raw`(?<=[\p{Emoji}\p{S}\p{sc=Hani}])[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`;
const FLAG = String.raw`(?<=\u{1F3F4})[\u{E0020}-\u{E007E}]{2,6}\u{E007F}`;
/** Controls, directions, zero widths, fillers, half a character, and the Braille pattern without dots. */
const UNSEEN = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]+`;

const ALLOWED_OR_UNSEEN = new RegExp(`(${[JOINED, SHAPED, VARIANT, FLAG].join('|')})|${UNSEEN}`, 'gv');
const MAY_BE_UNSEEN = new RegExp(UNSEEN, 'v');
/** More marks on one letter than any script writes are drawn over the lines beside it. */
const MANY_MARKS = /(\p{M}{6})\p{M}+/gu;
const RIGHT_TO_LEFT = /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}\p{sc=Samr}\p{sc=Mand}]/u;
const [ISOLATE, END_ISOLATE] = ['\u2068', '\u2069'];
const OWN_ISOLATE = /^\u2068([^\u2066-\u2069]*)\u2069$/;

/** A name on one line. One in a script that runs from right to left keeps its own direction and leaves that of its surroundings. The same for its own result. */
export function safeName(name: string): string {
  const shown = safeText(name.replace(OWN_ISOLATE, '$1').replace(/[\t\n\v\f\r\x85\u2028\u2029]+/g, ' '));
  return RIGHT_TO_LEFT.test(shown) ? ISOLATE + shown + END_ISOLATE : shown;
}

/** A text of several lines, such as a description or the reason of a failure. */
export function safeText(text: string): string {
  const seen = MAY_BE_UNSEEN.test(text) ? hide(text) : text;
  return seen.replace(MANY_MARKS, '$1');
}

function hide(text: string): string {
  const lines = text.split(/(\r\n|[\t\n])/);
  return lines.map((part, index) => (index % 2 === 1 ? part : replaced(part))).join('');
}

function replaced(text: string): string {
  return text.replace(ALLOWED_OR_UNSEEN, (_, allowed?: string) => allowed ?? HIDDEN);
}
