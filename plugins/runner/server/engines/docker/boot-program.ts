/** The Python program that is process 1 of a container, put together from its parts in `boot/`. */
import { readFile } from 'node:fs/promises';
import { sourceFile } from '../source-file.ts';

/** Each after those whose names it imports; the last one starts. */
const PARTS = [
  'container',
  'quick_end',
  'run_script',
  'child',
  'incoming',
  'relay',
  'usage',
  'cleanliness',
  'collect',
  'out_files',
  'main',
];
/** For readers and their editors: put together, all names are in one module, of which a script finds nothing in `sys.modules`. */
const OWN_IMPORT = /^from boot\.(\w+) import (.+)\n/gm;
/** Docstrings and lines of comment: each container would keep them in memory, 280 KiB with what it takes to read them. */
const FOR_READERS = /^ *"""[\s\S]*?"""\n|^ *#.*\n/gm;

export interface BootPart {
  readonly name: string;
  readonly text: string;
  /** What it imports of other parts: the part and the names. */
  readonly imports: readonly (readonly [part: string, names: readonly string[]])[];
}

export function bootParts(): Promise<BootPart[]> {
  return Promise.all(
    PARTS.map(async (name) => {
      const text = await readFile(sourceFile('docker', 'boot', `${name}.py`), 'utf8');
      const imports = [...text.matchAll(OWN_IMPORT)].map(([, part, names]) => [part!, names!.split(', ')] as const);
      return { name, text, imports };
    }),
  );
}

export async function bootProgram(): Promise<string> {
  const parts = await bootParts();
  return parts.map(({ text }) => text.replaceAll(FOR_READERS, '').replaceAll(OWN_IMPORT, '')).join('\n');
}
