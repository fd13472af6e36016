/** Pythons other than the newest CPython, from real images: an older one, and PyPy, which has no C API to run a file. */

import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import type { Engine } from '../../contract/engine.ts';
import { connectDocker } from '../../server/engines/docker/connection.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { MIB, runScript } from './support/run-script.ts';
import { declareCases, type ScriptCase } from './support/script-case.ts';

const failed = { status: 'failed' } as const;

const cases: ScriptCase[] = [
  {
    title: 'a script is the main module of its own file, and finds its input',
    script: 'import sys\nprint(__name__, __file__, sys.argv, sys.modules["__main__"].__dict__ is globals(), open(sys.argv[1]).read())',
    input: 'données',
    stdout: "__main__ /runner/script.py ['/runner/script.py', '/runner/input'] True données\n",
  },
  {
    title: 'the traceback of an uncaught exception has only lines of the script',
    script: 'def f():\n    raise ValueError("no")\n\nf()\n',
    ...failed,
    exitCode: 1,
    stderr:
      /^Traceback \(most recent call last\):\n {2}File "\/runner\/script\.py", line 4, in <module>\n {4}f\(\)\n {2}File "\/runner\/script\.py", line 2, in f\n {4}raise ValueError\("no"\)\nValueError: no\n$/,
  },
  {
    title: 'a syntax error is reported in the script',
    script: 'x = (',
    ...failed,
    exitCode: 1,
    stderr: /^ {2}File "\/runner\/script\.py", line 1\n(.*\n)+SyntaxError/,
  },
  { title: 'sys.exit with a number', script: 'import sys; sys.exit(3)', ...failed, exitCode: 3 },
  { title: 'sys.exit with a text', script: 'import sys; sys.exit("bye")', ...failed, exitCode: 1, stderr: 'bye\n' },
  { title: 'sys.exit without anything', script: 'raise SystemExit', exitCode: 0 },
  { title: 'os._exit ends immediately', script: 'import os; print("a", flush=True); os._exit(4)', ...failed, exitCode: 4, stdout: 'a\n' },
  {
    title: 'KeyboardInterrupt ends it like SIGINT',
    script: 'raise KeyboardInterrupt',
    ...failed,
    exitCode: -2,
    stderr: /KeyboardInterrupt\n$/,
  },
  {
    title: 'atexit functions run after the traceback',
    script: 'import atexit, sys; atexit.register(lambda: sys.stderr.write("late\\n")); 1/0',
    ...failed,
    exitCode: 1,
    stderr: /ZeroDivisionError: [^\n]+\nlate\n$/,
  },
  {
    title: 'threads are awaited',
    script: 'import threading, time\nthreading.Thread(target=lambda: (time.sleep(.2), print("end"))).start()',
    stdout: 'end\n',
  },
  { title: 'an endless loop is ended', script: 'while True: pass', limits: { timeoutMs: 700 }, status: 'timeout', exitCode: null },
  {
    title: 'a script that exceeds its memory limit is ended',
    script: 'x = []\nwhile True: x.append(bytearray(2 ** 22))',
    limits: { memoryBytes: 96 * MIB },
    status: ['out_of_memory', 'failed'],
  },
];

for (const { what, image, version, reused } of [
  { what: 'an older CPython', image: 'ved-test-cpython:other', version: /^cpython-3\.11$/, reused: true },
  // It has no way to inspect some things that a script can change, so its containers cannot be verified as clean.
  { what: 'PyPy', image: 'ved-test-pypy:other', version: /^pypy-3\.\d+$/, reused: false },
])
  exhaustive.describe(`a script on ${what}`, () => {
    let engine: Engine;

    before(async function () {
      await requireDocker(this);
      await requireImage(this, image);
      engine = newDockerEngine({ interpreters: [{ name: null, image }], isolation: 'lane' });
    });
    after(async () => engine?.close());

    it('has the name that its Python reports', async () => {
      const { available, interpreter, reason } = await engine.probe();
      expect(available, reason ?? '').to.equal(true);
      expect(interpreter).to.match(version);
    });

    declareCases(() => engine, 'docker', cases);

    it(`returns its files, and leaves ${reused ? 'a clean container' : 'no container'} for the next run of its lane`, async () => {
      const script =
        'import os\nprint(sorted(os.listdir("/tmp/out")))\nopen("/tmp/out/kept", "w").write("yes")\nopen("/tmp/left", "w").close()';
      const [first, second] = [await runScript(engine, script, { lane: 'own' }), await runScript(engine, script, { lane: 'own' })];
      expect([first.status, first.both, first.files.get('kept')?.toString()]).to.deep.equal(['succeeded', '[]\n', 'yes']);
      expect([second.status, second.both, second.reused]).to.deep.equal(['succeeded', '[]\n', reused]);
    });
  });

/** Skips the suite if the image is missing, unless everything is required. */
async function requireImage(test: Mocha.Context, image: string): Promise<void> {
  const { client, close } = await connectDocker(process.env.DOCKER_HOST, process.env);
  const found = await client
    .getImage(image)
    .inspect()
    .then(Boolean, () => false);
  await close();
  if (found) return;
  if (process.env.VED_TEST_REQUIRE_ALL) throw new Error(`the image ${image} is required: .ci/other-pythons-image.sh makes it`);
  console.log(`      skipped: there is no image ${image}`);
  test.skip();
}
