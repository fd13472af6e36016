/** Packages of the embedded engine, from a folder with a lock file. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import type { Engine } from '../../contract/engine.ts';
import { makeWheel, type Wheel } from '../support/wheel.ts';
import { newPyodideEngine, registeredChildren } from './support/engines.ts';
import { runScript } from './support/run-script.ts';
import { until } from './support/until.ts';

const ABI = '2026_0';

function entryOf({ name, version, fileName, sha256 }: Wheel, depends: readonly string[] = []) {
  const canonical = name.replaceAll('_', '-');
  const entry = {
    name: canonical,
    version,
    file_name: fileName,
    sha256,
    depends,
    imports: [name],
    install_dir: 'site',
    package_type: 'package',
    unvendored_tests: false,
  };
  return [canonical, entry] as const;
}

describe('packages on the embedded engine', () => {
  let folder: string;
  let engine: Engine;

  const writeLock = (entries: readonly (readonly [string, object])[], abi = ABI) =>
    writeFile(
      join(folder, 'pyodide-lock.json'),
      JSON.stringify({
        info: { abi_version: abi, arch: 'wasm32', platform: 'emscripten', python: '3.14.2' },
        packages: Object.fromEntries(entries),
      }),
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ved-pyodide-packages-'));
    const word = makeWheel('a_word', 'WORD = "hello"');
    const greeting = makeWheel('greeting', 'import a_word\nWORD = a_word.WORD', { version: '1.2' });
    const [absent, changed] = [makeWheel('absent', ''), makeWheel('changed', '')];
    for (const { fileName, bytes } of [word, greeting]) await writeFile(join(folder, fileName), bytes);
    await writeFile(join(folder, changed.fileName), 'something else');
    await writeLock([entryOf(word), entryOf(greeting, ['a-word']), entryOf(absent), entryOf(changed)]);
    engine = newPyodideEngine({ packagesDir: folder, poolSize: 0 });
  });
  after(async () => {
    await engine?.close();
    await rm(folder, { recursive: true });
  });

  it('are available to a script that declares them, with their dependencies', async () => {
    const done = await runScript(engine, 'import greeting; print(greeting.WORD)', { packages: ['greeting>=1,<2'] });
    expect(done.both).to.equal('hello\n');
    expect(done.status).to.equal('succeeded');
    expect(done.ran?.packages).to.deep.equal(['a-word==1.0', 'greeting==1.2']);
  });

  it('leave no interpreter behind if the run is cancelled while it starts', async () => {
    const before = registeredChildren();
    const started = () => registeredChildren().filter((pid) => !before.includes(pid));
    const controller = new AbortController();
    const cancelled = runScript(engine, '', { packages: ['greeting'], signal: controller.signal });
    controller.abort();
    expect((await cancelled).status).to.equal('cancelled');
    await until(() => started().length === 1, 'the interpreter has started');
    await until(() => started().length === 0, 'the interpreter is gone');
  });

  it('are not available to other scripts, which are told how to get them', async () => {
    const { status, reason } = await runScript(engine, 'import greeting');
    expect(status).to.equal('failed');
    expect(reason).to.include('# dependencies = ["greeting"]').and.to.include(`only has the Pyodide packages in ${folder}`);
  });

  exhaustive.it("give no access to JavaScript or to the machine's files", async () => {
    const script = [
      'import greeting, sys, os',
      'for name in ("js", "pyodide_js", "pyodide", "pyodide.ffi", "_pyodide_core"):',
      '    try: __import__(name); print("open", name)',
      '    except ImportError: pass',
      `print(os.path.exists(${JSON.stringify(folder)}))`,
      'import gc; print([x for x in gc.get_objects() if any(b.__name__ == "JsProxy" for b in type(x).__mro__)])',
    ].join('\n');
    expect((await runScript(engine, script, { packages: ['greeting'] })).both).to.equal('False\n[]\n');
  });

  const missing: [string, string[], RegExp][] = [
    ['missing from the lock file', ['nothing-such'], /^Missing packages: nothing-such \(not in Pyodide's lock file\)\.$/],
    ['in another version', ['greeting>=2'], /^Missing packages: greeting>=2 \(Pyodide has 1\.2\)\.$/],
    ['without their file', ['absent'], /^Missing packages: absent \(its file absent-1\.0-py3-none-any\.whl is not in /],
    ['with a changed file', ['changed'], /the SHA-256 of changed-1\.0-py3-none-any\.whl does not match the lock file/],
    ['with a marker', ['greeting ; os_name == "nt"'], /does not support markers/],
    ['several at once', ['absent', 'nothing-such'], /nothing-such.*; absent \(its file/],
  ];
  for (const [what, packages, reason] of missing) {
    it(`end the run with their names: ${what}`, async () => {
      const done = await runScript(engine, 'print(1)', { packages });
      expect(done.events).to.deep.equal(['exit']);
      expect(done.reason).to.match(reason);
    });
  }

  it('are named if there is no folder', async () => {
    const bare = newPyodideEngine({ poolSize: 0 });
    expect((await runScript(bare, '', { packages: ['numpy>=2'] })).reason).to.match(
      /^Missing packages: numpy>=2\. .* VED_PYODIDE_PACKAGES, which is not set\.$/,
    );
    const { limitations, interpreters } = await bare.probe();
    expect(limitations.join(' ')).to.include('VED_PYODIDE_PACKAGES');
    expect(interpreters![0]).to.include({ name: 'cpython-3.14-pyodide', state: 'ready' });
    expect(interpreters![0]!.version).to.match(/^3\.14\.\d+$/);
    await bare.close();
  });

  it('of another version of Pyodide are refused', async () => {
    await writeLock([], '2024_0');
    expect((await runScript(engine, '', { packages: ['greeting'] })).reason).to.match(/are for another version of Pyodide/);
  });
});
