/** The hints derived from tracebacks; limits.test.ts checks that engines produce such tracebacks. */
import { dependencyBlock } from '@ved/runner/contract';
import { expect } from 'chai';
import { failureHint, type SandboxBounds } from '../../server/engines/failure-hints.ts';

const MIB = 2 ** 20;
const DOCKER: SandboxBounds = {
  processes: 64,
  openFiles: 256,
  diskBytes: 64 * MIB,
  diskFiles: 16384,
  fileBytes: 64 * MIB,
  sharedMemoryBytes: 32 * MIB,
  packages: { available: true, advice: '' },
  missingModules: new Set(),
};
const EMBEDDED: SandboxBounds = {
  ...DOCKER,
  processes: 0,
  sharedMemoryBytes: 0,
  packages: { available: false, advice: 'Only VED_PYODIDE_PACKAGES.' },
  missingModules: new Set(['curses']),
};
const traceback = (...errors: string[]): string =>
  `Traceback (most recent call last):\n  File "/runner/script.py", line 1, in <module>\n    os.fork()\n${errors.join('\n')}\n`;
const hint = (stderr: string, { bounds = DOCKER, script = '', exitCode = 1 } = {}): string | null =>
  failureHint({ exitCode, stderr, script: Buffer.from(script), memoryBytes: 256 * MIB }, bounds);

const LIMITS: readonly (readonly [string, RegExp])[] = [
  ['EOFError: EOF when reading a line', /no keyboard.*sys\.argv\[1\]/],
  ["RuntimeError: can't start new thread", /64 processes and threads/],
  ['BlockingIOError: [Errno 11] Resource temporarily unavailable', /64 processes and threads/],
  ["OSError: [Errno 24] Too many open files: '/tmp/f'", /256 open files/],
  ["OSError: [Errno 28] No space left on device: '/tmp/f'", /64 MiB in 16,384 files, and \/dev\/shm 32 MiB/],
  ['OSError: [Errno 27] File too large', /64 MiB/],
  ['MemoryError', /memory limit of 256 MiB/],
  ['numpy._core._exceptions._ArrayMemoryError: Unable to allocate 745. GiB', /memory limit of 256 MiB/],
  ['RecursionError: maximum recursion depth exceeded', /1,000 nested calls/],
  ['RecursionError: Stack overflow (used 8140 kB) while encoding a JSON object', /no more than fit on the stack/],
  ['socket.gaierror: [Errno -3] Temporary failure in name resolution', /no network/],
  ['urllib.error.URLError: <urlopen error [Errno 101] Network is unreachable>', /no network/],
  ['ConnectionRefusedError: [Errno 111] Connection refused', /no network/],
  ["OSError: [Errno 30] Read-only file system: '/etc/x'", /only below \/tmp.*\/tmp\/out/],
  ["PermissionError: [Errno 13] Permission denied: '/tmp/tool'", /cannot run programs/],
  ['PermissionError: [Errno 1] Operation not permitted', /no privileges/],
];

describe('the reason of a failure', () => {
  for (const [error, wanted] of LIMITS) it(`names the limit of: ${error}`, () => expect(hint(traceback(error))).to.match(wanted));

  it('names what the embedded engine lacks', () => {
    const bounds = EMBEDDED;
    expect(hint(traceback("RuntimeError: can't start new thread"), { bounds })).to.match(/no threads/);
    expect(hint(traceback('OSError: [Errno 138] emscripten does not support processes.'), { bounds })).to.match(/cannot start processes/);
    expect(hint(traceback('OSError: [Errno 33] No file descriptors available'), { bounds })).to.match(/256 open files/);
    expect(hint(traceback('OSError: [Errno 23] Host is unreachable'), { bounds })).to.match(/no network/);
    expect(hint(traceback("ModuleNotFoundError: No module named 'curses'"), { bounds })).to.match(/curses is part of Python's standard/);
  });

  it('is found in the cause of another error, and in a group', () => {
    const led = `${traceback('OSError: [Errno 24] Too many open files')}\nDuring handling of the above exception, another exception occurred:\n\n`;
    expect(hint(led + traceback('KeyError: 1'))).to.match(/256 open files/);
    const group =
      '  + Exception Group Traceback (most recent call last):\n  |   File "x", line 1\n  | ExceptionGroup: two (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File "x", line 1\n    | EOFError: EOF when reading a line\n    +------------------------------------\n';
    expect(hint(group)).to.match(/no keyboard/);
  });

  it('ignores errors that the script caught and printed, or quotes in its own error', () => {
    expect(hint(`${traceback('OSError: [Errno 24] Too many open files')}going on\n${traceback('KeyError: 1')}`)).to.equal(null);
    expect(hint(traceback('ValueError: 3', '  MemoryError in my text'))).to.equal(null);
    expect(hint('usage: script.py FILE\n', { exitCode: 2 })).to.equal(null);
    expect(hint(traceback('BlockingIOError: [Errno 11] Resource temporarily unavailable').replace('os.fork()', 'f.read()'))).to.equal(null);
  });

  it('follows from the signal that ended the script', () => {
    expect(hint('', { exitCode: -7 })).to.match(/32 MiB of \/dev\/shm/);
    expect(hint('', { exitCode: -25 })).to.match(/64 MiB/);
    expect(hint('', { exitCode: -11 })).to.match(/stack of 8 MiB/);
    expect(hint('', { exitCode: -15 })).to.equal(null);
  });
});

describe('the reason for a missing module', () => {
  const missing = (name: string): string => traceback(`ModuleNotFoundError: No module named '${name}'`);

  for (const [module, distribution] of Object.entries({
    pandas: 'pandas',
    cv2: 'opencv-python',
    'sklearn.linear_model': 'scikit-learn',
    PIL: 'pillow',
    yaml: 'pyyaml',
    bs4: 'beautifulsoup4',
    telnetlib: 'standard-telnetlib',
  })) {
    it(`contains the lines to add for ${module}`, () => {
      expect(hint(missing(module))).to.include(`# /// script\n# dependencies = ["${distribution}"]\n# ///`);
    });
  }

  it('says to add to the existing block, even after a byte order mark', () => {
    const script = `\ufeff${dependencyBlock(['requests'])}\nimport pandas\n`;
    expect(hint(missing('pandas'), { script })).to.match(/add "pandas" to the dependencies in the script's "# \/\/\/ script" block\.$/);
  });

  it('says that the declared package provides another module', () => {
    const script = `${dependencyBlock(['pandas>=2'])}\nimport pandas\n`;
    expect(hint(missing('pandas'), { script })).to.match(/pandas>=2 does not provide the module pandas/);
  });

  it('says where packages come from on an engine that installs none', () => {
    const said = hint(missing('pandas'), { bounds: EMBEDDED });
    expect(said).to.include('VED_PYODIDE_PACKAGES').and.to.include('# dependencies = ["pandas"]');
  });

  it('says that scripts cannot import each other, and which modules were removed or exist only on Windows', () => {
    expect(hint(missing('alpha'))).to.match(/scripts cannot import each other/);
    expect(hint(missing('imp'))).to.equal('imp was removed from Python in 3.12.');
    expect(hint(missing('winreg'))).to.match(/Windows only/);
  });
});
