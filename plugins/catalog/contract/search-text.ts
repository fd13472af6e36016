/**
 * Text as it is searched: without regard to case, to how characters are composed, and to forms of the same letter.
 * The server's search, the catalog's filter and the palette of scripts fold alike.
 */

/** U+0307, which lower case leaves behind an `i` that was a Turkish İ. */
const DOT_ABOVE_I = /i\u0307/g;
/** Nobody sees them: soft hyphens, joiners, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** What is not ASCII, with the character that it may belong to: `e` before an accent. Everything else folds by its case. */
const RUN = /[\0-\x7f]?[^\0-\x7f]+/g;

/**
 * Normalised to NFKC (so that `ﬁ` is `fi` and full width is as any other), case folded in full (`ß` is `ss`, and every
 * sigma and every `i` is one letter), NUL as a space since SQLite's LIKE ends there. Folding twice changes nothing.
 */
export function foldForSearch(text: string): string {
  return text.toLowerCase().replace(RUN, foldRun).replaceAll('\0', ' ');
}

function foldRun(run: string): string {
  return (
    run
      .normalize('NFKD')
      .replace(INVISIBLE, '')
      // Upper case writes ligatures and ß out and has one sigma; lower case alone would keep them apart.
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .normalize('NFC')
      .replace(DOT_ABOVE_I, 'i')
      .normalize('NFKC')
  );
}
