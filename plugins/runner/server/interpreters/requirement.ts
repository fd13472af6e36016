/**
 * Reads a requirement of a package: a name with extras, version specifiers and
 * an environment marker, as PEP 508 has them. Nothing else gets to pip: no
 * address, no file, no option. What comes out is written by us, not copied.
 */
import { validRange } from '@renovatebot/pep440';
import { parseMarker } from './marker.ts';

export interface Requirement {
  /** As the index writes it: lower case, single hyphens. */
  readonly name: string;
  readonly extras: readonly string[];
  /** Such as `<3,>=2.1`, sorted; empty when any version will do. */
  readonly specifiers: string;
  /** Such as `sys_platform == "linux"`; null when it always counts. */
  readonly marker: string | null;
  /** All of it; the same for requirements that ask for the same. */
  readonly text: string;
}

/** Why a requirement is not taken, for whoever wrote it. */
export interface Refusal {
  readonly refused: string;
}

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const REQUIREMENT = new RegExp(`^(${NAME})[ \\t]*(?:\\[([^\\]]*)\\])?[ \\t]*([^;@]*)(@[^;]*)?(?:;(.*))?$`);
const WHOLE_NAME = new RegExp(`^${NAME}$`);
const LONGEST = 300;

export function parseRequirement(source: string): Requirement | Refusal {
  const text = source.trim();
  if (text.length > LONGEST) return { refused: `it is longer than ${LONGEST} characters.` };
  if (!/^[ -~]*$/.test(text)) return { refused: 'it may hold nothing but ASCII characters in one line.' };
  const match = REQUIREMENT.exec(text);
  if (!match) return { refused: 'a requirement begins with the name of a package, such as requests>=2.' };
  const [, name, extras, versions, address, marker] = match;
  if (address !== undefined) return { refused: 'packages are taken from the index by name, not from an address or a file.' };
  const parts = {
    name: canonical(name!),
    extras: namesOf(extras),
    specifiers: specifiersOf(versions!.trim()),
    marker: marker === undefined ? null : parseMarker(marker),
  };
  if (parts.extras === null) return { refused: `[${extras}] are not names of extras.` };
  if (parts.specifiers === null) return { refused: `"${versions!.trim()}" are not version specifiers, such as >=2,<3.` };
  if (marker !== undefined && parts.marker === null) return { refused: `"${marker.trim()}" is not an environment marker.` };
  const requirement = { ...parts, extras: parts.extras, specifiers: parts.specifiers };
  return { ...requirement, text: written(requirement) };
}

/** One name for one package, however it is written. */
export function canonical(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function namesOf(extras: string | undefined): readonly string[] | null {
  if (extras === undefined || extras.trim() === '') return [];
  const names = extras.split(',').map((each) => each.trim());
  return names.every((each) => WHOLE_NAME.test(each)) ? [...new Set(names.map(canonical))].sort() : null;
}

function specifiersOf(versions: string): string | null {
  const bare = versions.startsWith('(') && versions.endsWith(')') ? versions.slice(1, -1) : versions;
  if (bare.trim() === '') return '';
  if (!validRange(bare)) return null;
  const each = bare.split(',').map((specifier) => specifier.replace(/\s+/g, ''));
  return [...new Set(each)].sort().join(',');
}

function written({ name, extras, specifiers, marker }: Omit<Requirement, 'text'>): string {
  return `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${specifiers}${marker === null ? '' : ` ; ${marker}`}`;
}
