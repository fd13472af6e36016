/** The name of a script: from its docstring, else from the file it was imported from. Limited, since every client loads the list. */
import { DESCRIPTION_LIMIT, NAME_LIMIT } from '@ved/catalog/contract';
import { type Description, describe } from '../python/description.ts';

/** `docstring` as Python sees it, before cleaning; null when there is none. */
export function describeScript(docstring: string | null): Description {
  // Cut before cleaning, which turns a tab into up to eight spaces.
  const isLong = docstring !== null && docstring.length > DESCRIPTION_LIMIT;
  const { name, description } = describe(isLong ? cut(docstring.trimStart(), DESCRIPTION_LIMIT, '…') : docstring);
  return { name: cut(name, NAME_LIMIT, '…'), description: cut(description, DESCRIPTION_LIMIT, '…') };
}

/** The script with the name of its file when the docstring has none. */
export function named<T extends Description>(script: T, fileName: string | null): T {
  return fileName === null || /\S/.test(script.description) ? script : { ...script, name: fileName };
}

/** At most `limit` UTF-16 units, including `end`; never splits a character. */
export function cut(text: string, limit: number, end: string): string {
  if (text.length <= limit) return text;
  const short = text.slice(0, limit - end.length);
  return (short.isWellFormed() || !text.isWellFormed() ? short : short.slice(0, -1)) + end;
}
