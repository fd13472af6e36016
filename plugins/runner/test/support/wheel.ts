/** Creates wheels: pure Python packages of one module, as an index serves them. */
import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';

export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export interface WheelOptions {
  readonly version?: string;
  /** Its requirements. */
  readonly requires?: readonly string[];
  /** Additional files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `source` is the source of the module, which has the name of the package. */
export function makeWheel(name: string, source: string, { version = '1.0', requires = [], files = {} }: WheelOptions = {}): Wheel {
  const info = `${name}-${version}.dist-info`;
  const contents: Record<string, string> = {
    [`${name}.py`]: source,
    ...files,
    [`${info}/METADATA`]: [
      'Metadata-Version: 2.1',
      `Name: ${name}`,
      `Version: ${version}`,
      ...requires.map((each) => `Requires-Dist: ${each}`),
      '',
    ].join('\n'),
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: ved-test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  contents[`${info}/RECORD`] = [...Object.keys(contents), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  const bytes = zipSync(Object.fromEntries(Object.entries(contents).map(([path, text]) => [path, strToU8(text)])));
  return {
    name,
    version,
    fileName: `${name}-${version}-py3-none-any.whl`,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
