/**
 * Makes text that people wrote safe to show: a name cannot change the direction
 * of the text around it, hide a part of itself, or be drawn over other lines.
 * Responses from the server are treated here (`client/shown-members.ts`); for
 * any other name, call `safeName`.
 */

/** Replaces invisible characters, so that two different names look different. */
const HIDDEN = '\uFFFD';

/**
 * Invisible characters that belong to readable text: joiners and variation
 * selectors in emoji, joiners in scripts that use them (Unicode 17, 23.2), and
 * the tags of a flag. Matched before the rest.
 */
const JOINED = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`;
const SHAPED = String.raw`(?<=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hani}\p{sc=Hang}]])[\u200C\u200D](?=\p{L})`;
const VARIANT = String.raw`(?<=[\p{Emoji}\p{S}\p{sc=Hani}])[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`;
const FLAG = String.raw`(?<=\u{1F3F4})[\u{E0020}-\u{E007E}]{2,6}\u{E007F}`;
/** Control, direction, zero-width and filler characters, lone surrogates, and the blank Braille pattern. */
const UNSEEN = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]+`;

const ALLOWED_OR_UNSEEN = new RegExp(`(${[JOINED, SHAPED, VARIANT, FLAG].join('|')})|${UNSEEN}`, 'gv');
const MAY_BE_UNSEEN = new RegExp(UNSEEN, 'v');
/** More marks on one letter than any script uses would be drawn over adjacent lines. */
const MANY_MARKS = /(\p{M}{6})\p{M}+/gu;
const RIGHT_TO_LEFT = /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}\p{sc=Samr}\p{sc=Mand}]/u;
const [ISOLATE, END_ISOLATE] = ['\u2068', '\u2069'];
const OWN_ISOLATE = /^\u2068([^\u2066-\u2069]*)\u2069$/;

/** A name on one line. A right-to-left name is isolated, so that it does not affect the text around it. Idempotent. */
export function safeName(name: string): string {
  const shown = safeText(name.replace(OWN_ISOLATE, '$1').replace(/[\t\n\v\f\r\x85\u2028\u2029]+/g, ' '));
  return RIGHT_TO_LEFT.test(shown) ? ISOLATE + shown + END_ISOLATE : shown;
}

/** Text of several lines, such as a description or the reason of a failure. */
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
