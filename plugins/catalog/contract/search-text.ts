/**
 * Folds text for searching: ignores case, Unicode composition, and variant forms of a letter.
 * The server's search, the catalog's filter and the script palette all use it.
 */

/** U+0307, which lower-casing the Turkish İ leaves after the `i`. */
const DOT_ABOVE_I = /i\u0307/g;
/** Invisible characters: soft hyphens, joiners, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** A run of non-ASCII characters with the ASCII character before it, which an accent may belong to. All else only changes case. */
const RUN = /[\0-\x7f]?[^\0-\x7f]+/g;

/**
 * Normalises to NFKC (`ﬁ` becomes `fi`, full width becomes normal width), applies full case folding (`ß` becomes `ss`;
 * all sigmas are the same, and so is every `i`), and turns NUL into a space, since SQLite's LIKE ends there. Idempotent.
 */
export function foldForSearch(text: string): string {
  return text.toLowerCase().replace(RUN, foldRun).replaceAll('\0', ' ');
}

function foldRun(run: string): string {
  return (
    run
      .normalize('NFKD')
      .replace(INVISIBLE, '')
      // Upper case expands ligatures and ß and has one sigma; lower case alone would keep them apart.
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .normalize('NFC')
      .replace(DOT_ABOVE_I, 'i')
      .normalize('NFKC')
  );
}
