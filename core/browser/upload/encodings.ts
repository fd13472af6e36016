/**
 * The encodings that spreadsheets write, and a guess of which one a text has.
 * Bytes cannot prove it, so the user sees the text and decides.
 */

export interface Encoding {
  /** A label for `TextDecoder`. */
  readonly id: string;
  readonly label: string;
}

export const UTF8_WITH_MARK: Encoding = { id: 'utf-8', label: 'UTF-8 with a byte order mark (Excel: CSV UTF-8)' };
export const UTF16LE: Encoding = { id: 'utf-16le', label: 'UTF-16 (Excel: Unicode Text)' };
export const UTF16BE: Encoding = { id: 'utf-16be', label: 'UTF-16, big-endian' };
const WINDOWS: Encoding = { id: 'windows-1252', label: 'Windows-1252 (Excel on Windows, Western Europe and America)' };
const MACINTOSH: Encoding = { id: 'macintosh', label: 'Mac Roman (Excel on a Mac: CSV Macintosh)' };

/** Only a reader can tell these apart, so the user picks one. */
const OTHERS: readonly Encoding[] = [
  { id: 'iso-8859-15', label: 'ISO 8859-15 (Western Europe, with €)' },
  { id: 'windows-1250', label: 'Windows-1250 (Central Europe)' },
  { id: 'windows-1251', label: 'Windows-1251 (Cyrillic)' },
  { id: 'windows-1253', label: 'Windows-1253 (Greek)' },
  { id: 'windows-1254', label: 'Windows-1254 (Turkish)' },
  { id: 'shift_jis', label: 'Shift JIS (Japanese)' },
  { id: 'gb18030', label: 'GB 18030 (simplified Chinese)' },
  { id: 'big5', label: 'Big5 (traditional Chinese)' },
  { id: 'euc-kr', label: 'EUC-KR (Korean)' },
];

/** Enough for a guess. */
const SAMPLE_BYTES = 256 * 1024;

/** For text with one byte per letter; the likeliest first. */
export function likelyEncodings(bytes: Uint8Array): Encoding[] {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const [first, second] =
    plausibility(decoded(sample, MACINTOSH)) > plausibility(decoded(sample, WINDOWS)) ? [MACINTOSH, WINDOWS] : [WINDOWS, MACINTOSH];
  return [first, second, ...OTHERS];
}

/** Invalid bytes become U+FFFD. A byte order mark is removed. */
export function decoded(bytes: Uint8Array, { id }: Encoding): string {
  return new TextDecoder(id).decode(bytes);
}

/** Scores how much a text looks like words: an accented lower-case letter next to letters counts for it, a sign between letters against it. */
function plausibility(text: string): number {
  let score = 0;
  for (const { 0: sign, index } of text.matchAll(/[^\0-\x7f]/gu)) {
    const inWord = /\p{L}/u.test(text[index - 1] ?? '') || /\p{L}/u.test(text[index + sign.length] ?? '');
    if (/[\u0080-\u009f\ufffd]/.test(sign)) score -= 5;
    else if (/[à-öø-ÿß]/.test(sign)) score += inWord ? 2 : 1;
    else if (/[À-ÖØ-Þ]/.test(sign)) score += /\p{Ll}/u.test(text[index - 1] ?? '') ? -1 : 1;
    else if (/[€£§°–—“”„‘’…«»]/.test(sign))
      score += /\p{L}/u.test(text[index - 1] ?? '') && /\p{L}/u.test(text[index + 1] ?? '') && sign !== '’' ? -1 : 1;
    else score -= inWord ? 2 : 1;
  }
  return score;
}

/** Detects UTF-16 without a byte order mark: every other byte of ordinary text is NUL. */
export function utf16WithoutMark(bytes: Uint8Array): Encoding | null {
  const sample = bytes.subarray(0, 4096);
  if (sample.length < 4 || bytes.length % 2 === 1) return null;
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2]! += 1;
  const half = sample.length / 2;
  if (zeros[1]! > half * 0.7 && zeros[0]! < half * 0.05) return UTF16LE;
  if (zeros[0]! > half * 0.7 && zeros[1]! < half * 0.05) return UTF16BE;
  return null;
}
