/** Packages that scripts require, on Docker: real builds with pip, from an index on loopback. */

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import type { Engine, Progress } from '../../contract/engine.ts';
import { PackageLayers } from '../../server/engines/docker/package-layers.ts';
import { type PackageIndex, startPackageIndex } from '../support/package-index.ts';
import { makeWheel } from '../support/wheel.ts';
import { type DerivedImage, deriveImage, dockerClient, NO_PIP, removeLayers } from './support/derived-image.ts';
import { DEFAULT_IMAGE, newDockerEngine, requireDocker } from './support/engines.ts';
import { jobOf, runScript } from './support/run-script.ts';

const docker = dockerClient();

describe('packages that a script requires', () => {
  const owner = `test-${randomBytes(6).toString('hex')}`;
  let index: PackageIndex;
  let engine: Engine;

  before(async function () {
    await requireDocker(this);
    index = await startPackageIndex();
    index.add(
      makeWheel('greeting', 'import dep_of_greeting\nWORD = dep_of_greeting.WORD', { requires: ['dep-of-greeting>=2'] }),
      makeWheel('dep_of_greeting', 'WORD = "old"', { version: '1.0' }),
      { ...makeWheel('dep_of_greeting', 'WORD = "hello"', { version: '2.1' }), name: 'dep-of-greeting' },
      makeWheel('picky', '', { requires: ['dep-of-greeting<2'] }),
      makeWheel('sleepy', '', { files: { 'sleepy.pth': 'import time; time.sleep(60)\n' } }),
      // What a malicious package may try: replace `ctypes`, and run when Python starts.
      makeWheel('hostile', 'NAME = "hostile"', {
        files: { 'ctypes.py': 'raise SystemExit("shadowed")', 'hostile.pth': 'import os, sys; sys.pth_pid = os.getpid()\n' },
      }),
    );
    engine = newDockerEngine({ owner, poolSize: 2, packages: { index: index.url, network: 'host' } });
    await engine.probe();
  });
  after(async () => {
    await engine?.close();
    await index?.close();
    await removeLayers(owner);
  });

  it('are available, with their dependencies', async () => {
    const done = await runScript(engine, 'import greeting; print(greeting.WORD)', { packages: ['greeting'] });
    expect(done.both).to.equal('hello\n');
    expect(done.status).to.equal('succeeded');
    expect(done.ran?.packages).to.deep.equal(['dep_of_greeting==2.1', 'greeting==1.0']);
  });

  it('are installed once, in one build for all waiting runs, with progress', async () => {
    const before = index.asked.length;
    const told: (Progress | null)[] = [];
    const packages = ['dep-of-greeting==2.1', 'greeting'];
    const ready = await Promise.all([1, 2, 3].map(() => engine.makeReady!(jobOf('', { packages }), (progress) => told.push(progress))));
    expect(ready).to.have.length(3);
    expect(index.asked.slice(before).filter((path) => path.startsWith('/files/greeting')).length).to.be.at.most(2);
    expect(told[0]).to.deep.equal({ text: 'Installing 2 packages', fraction: null });
    expect(told.at(-1)).to.equal(null);
    const asked = index.asked.length;
    await runScript(engine, 'import greeting', { packages });
    expect(index.asked.length).to.equal(asked);
  });

  it('are only available to that script, and are not in the records of others', async () => {
    const { ran } = await runScript(engine, 'pass', { packages: ['greeting'] });
    const without = await runScript(engine, 'import importlib.util; print(importlib.util.find_spec("greeting"))');
    expect(without.both).to.equal('None\n');
    expect(ran!.imageDigest)
      .to.match(/^sha256:/)
      .and.not.to.equal(without.ran!.imageDigest);
    expect(ran!.interpreter).to.equal(without.ran!.interpreter);
  });

  exhaustive.it("cannot replace Python's own modules, nor reach process 1", async () => {
    const script = 'import ctypes, os, sys, hostile\nprint(ctypes.__name__, hostile.NAME, sys.pth_pid == os.getpid() != 1)';
    const done = await runScript(engine, script, { packages: ['hostile'] });
    expect(done.both).to.equal('ctypes hostile True\n');
  });

  it('are found by a Python that the script starts', async () => {
    const script =
      'import subprocess, sys\nprint(subprocess.run([sys.executable, "-c", "import greeting; print(greeting.WORD)"], capture_output=True).stdout)';
    expect((await runScript(engine, script, { packages: ['greeting'] })).both).to.equal("b'hello\\n'\n");
  });

  it('leave no secret of the index in the image', async () => {
    const look =
      'import os, pathlib\nprint([p for p in pathlib.Path("/ved").rglob("*") if p.is_file() and b"index-secret" in p.read_bytes()], "secret" in str(os.environ))';
    expect((await runScript(engine, look, { packages: ['greeting'] })).both).to.equal('[] False\n');
    for (const { Id } of await docker.listImages({ filters: { label: [`ved.owner=${owner}`] } })) {
      expect(JSON.stringify(await docker.getImage(Id).inspect())).not.to.include('index-secret');
    }
  });

  exhaustive.it('run under the limits of the run from their first line on', async () => {
    const { status, elapsedMs } = await runScript(engine, 'print(1)', { packages: ['sleepy'], limits: { timeoutMs: 400 } });
    expect(status).to.equal('timeout');
    expect(elapsedMs).to.be.below(20_000);
  });

  const failures: [string, string[], RegExp][] = [
    [
      'missing from the index',
      ['nothing-such'],
      /nothing-such is missing: there is no wheel for this Python version on the package index http:\/\/127\.0\.0\.1:\d+\/simple\. Only wheels/,
    ],
    ['in another version than the index has', ['greeting>=9'], /greeting>=9 is missing: the available versions are 1\.0 on/],
    ['in conflict with each other', ['dep-of-greeting>=2', 'picky'], /dep-of-greeting.*picky.* have conflicting dependencies/],
  ];
  for (const [what, packages, reason] of failures) {
    it(`end the run with what is missing if they are ${what}`, async () => {
      const { status, reason: said, events } = await runScript(engine, 'print(1)', { packages });
      expect(events).to.deep.equal(['exit']);
      expect(status).to.equal('engine_error');
      expect(said)
        .to.match(/^The script's packages could not be installed: /)
        .and.to.match(reason);
    });
  }

  it('that just failed are not tried again', async () => {
    const asked = index.asked.length;
    const again = await Promise.all([1, 2, 3].map(() => runScript(engine, '', { packages: ['nothing-such'] })));
    expect(again.map(({ reason }) => /nothing-such is missing/.test(reason ?? ''))).to.deep.equal([true, true, true]);
    expect(index.asked.length).to.equal(asked);
  });

  it('are not awaited by a run that is cancelled', async () => {
    const abort = new AbortController();
    const waiting = runScript(engine, '', { packages: ['hostile', 'greeting'], signal: abort.signal });
    abort.abort();
    expect((await waiting).status).to.equal('cancelled');
  });

  exhaustive.it('leave no build container behind', async () => {
    await engine.makeReady!(jobOf('', { packages: ['hostile', 'greeting'] }), () => undefined);
    const containers = await docker.listContainers({ all: true, filters: { label: [`ved.owner=${owner}`] } });
    expect(containers.filter(({ Command }) => Command.includes('a layer of packages'))).to.deep.equal([]);
  });

  it('keep only a few containers warm, however many sets there are', async () => {
    for (const packages of [['greeting'], ['hostile'], ['dep-of-greeting==2.1', 'greeting']]) await runScript(engine, '', { packages });
    const list = () => docker.listContainers({ filters: { label: [`ved.owner=${owner}`], status: ['running'] } });
    // Discarded containers are removed later.
    while ((await list()).length > 4) await docker.ping();
    expect((await list()).length).to.be.at.most(4);
  });
});

exhaustive.describe('layers of packages', () => {
  const owner = `test-${randomBytes(6).toString('hex')}`;

  before(async function () {
    await requireDocker(this);
  });
  after(() => removeLayers(owner));

  it('are removed when there are too many, the least recently used first', async () => {
    const index = await startPackageIndex();
    index.add(makeWheel('one', ''), makeWheel('two', ''));
    const layers = new PackageLayers({
      owner,
      index: index.url,
      network: 'host',
      most: 1,
      connect: async () => docker,
      log: { info: () => {}, warn: () => {} },
    });
    const { Id: id } = await docker.getImage(DEFAULT_IMAGE).inspect();
    const make = (name: string) =>
      layers.layerOf({ id, digest: id, interpreter: 'x' }, [name], () => undefined, {
        signal: new AbortController().signal,
        lane: 'person:ed1',
      });
    try {
      await make('one');
      const second = await make('two');
      const left = await docker.listImages({ filters: { label: [`ved.owner=${owner}`] } });
      expect(left.map(({ Id }) => Id)).to.deep.equal([second.id]);
    } finally {
      await layers.close();
      await index.close();
    }
  });
});

describe('packages that cannot be installed', () => {
  let noPip: DerivedImage;
  const reasonOn = async (options: Parameters<typeof newDockerEngine>[0]): Promise<string | null> => {
    const engine = newDockerEngine({ poolSize: 0, ...options });
    try {
      return (await runScript(engine, '', { packages: ['requests>=2'] })).reason;
    } finally {
      await engine.close();
    }
  };

  before(async function () {
    await requireDocker(this);
    noPip = await deriveImage(NO_PIP);
  });
  after(async () => noPip?.remove());

  it('are named, with the index that cannot be reached', async () => {
    expect(await reasonOn({ packages: { index: 'http://someone:hidden@127.0.0.1:1/simple', network: 'host' } })).to.match(
      /: requests>=2 is missing, and the package index http:\/\/127\.0\.0\.1:1\/simple cannot be reached\. Installed packages/,
    );
  });
  it('are named if the image has no pip', async () => {
    expect(await reasonOn({ interpreters: [{ name: 'bare', image: noPip.name }] })).to.match(/the image has no pip/);
  });
  it('are named if installing is disabled', async () => {
    expect(await reasonOn({ packages: { index: null, network: 'none' } })).to.equal(
      'Missing packages: requests>=2. This server does not install packages (VED_PACKAGES_NETWORK=none).',
    );
  });
});
