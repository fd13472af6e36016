/** What a script is called: by its docstring, else by the file that it was imported from. Bounded, since everybody's list has it. */
import { DESCRIPTION_LIMIT, NAME_LIMIT } from '@ved/catalog/contract';
import { type Description, describe } from '../python/description.ts';

/** `docstring` as Python sees it, not yet cleaned; null when there is none. */
export function describeScript(docstring: string | null): Description {
  // Cut before it is cleaned: a tab becomes up to eight spaces.
  const isLong = docstring !== null && docstring.length > DESCRIPTION_LIMIT;
  const { name, description } = describe(isLong ? cut(docstring.trimStart(), DESCRIPTION_LIMIT, '…') : docstring);
  return { name: cut(name, NAME_LIMIT, '…'), description: cut(description, DESCRIPTION_LIMIT, '…') };
}

/** The same under the name of its file when the docstring says none. */
export function named<T extends Description>(script: T, fileName: string | null): T {
  return fileName === null || /\S/.test(script.description) ? script : { ...script, name: fileName };
}

/** At most so many UTF-16 units, `end` included; no character is cut in two. */
export function cut(text: string, limit: number, end: string): string {
  if (text.length <= limit) return text;
  const short = text.slice(0, limit - end.length);
  return (short.isWellFormed() || !text.isWellFormed() ? short : short.slice(0, -1)) + end;
}
