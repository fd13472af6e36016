/**
 * Parses a package requirement (PEP 508): a name with extras, version specifiers and an
 * environment marker. Nothing else reaches pip: no URL, no file, no option. The result
 * is generated from the parsed parts, not copied.
 */
import { validRange } from '@renovatebot/pep440';
import { parseMarker } from './marker.ts';

export interface Requirement {
  /** Normalised as on the index: lower case, single hyphens. */
  readonly name: string;
  readonly extras: readonly string[];
  /** Such as `<3,>=2.1`, sorted; empty for any version. */
  readonly specifiers: string;
  /** Such as `sys_platform == "linux"`; null if unconditional. */
  readonly marker: string | null;
  /** The whole requirement; equal for equivalent requirements. */
  readonly text: string;
}

/** Why a requirement is refused, for its author. */
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
  if (!/^[ -~]*$/.test(text)) return { refused: 'it must be a single line of ASCII characters.' };
  const match = REQUIREMENT.exec(text);
  if (!match) return { refused: 'a requirement starts with the name of a package, such as requests>=2.' };
  const [, name, extras, versions, address, marker] = match;
  if (address !== undefined) return { refused: 'packages are installed from the index by name, not from a URL or a file.' };
  const parts = {
    name: canonical(name!),
    extras: namesOf(extras),
    specifiers: specifiersOf(versions!.trim()),
    marker: marker === undefined ? null : parseMarker(marker),
  };
  if (parts.extras === null) return { refused: `[${extras}] is not a list of extras.` };
  if (parts.specifiers === null) return { refused: `"${versions!.trim()}" is not a version specifier, such as >=2,<3.` };
  if (marker !== undefined && parts.marker === null) return { refused: `"${marker.trim()}" is not an environment marker.` };
  const requirement = { ...parts, extras: parts.extras, specifiers: parts.specifiers };
  return { ...requirement, text: written(requirement) };
}

/** The normalised name of a package. */
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
