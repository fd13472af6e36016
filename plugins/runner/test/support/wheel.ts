/** Makes wheels: pure Python packages of one module, as an index serves them. */
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
  /** Requirements of its own. */
  readonly requires?: readonly string[];
  /** More files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `source` is that of the module, which is called as the package is. */
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
