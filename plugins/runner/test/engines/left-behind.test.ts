/** Containers and processes do not outlive the server, nor their run. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import Docker from 'dockerode';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { lendSnapshot } from '../../../../test/support/pyodide-snapshot.ts';
import type { Engine } from '../../contract/engine.ts';
import { bootProgram } from '../../server/engines/docker/boot-program.ts';
import { connectionOptions } from '../../server/engines/docker/connection.ts';
import { containerSpec } from '../../server/engines/docker/container-spec.ts';
import { readCommandLine } from '../../server/engines/pyodide/process-table.ts';
import {
  DEFAULT_IMAGE,
  lendSharedSnapshot,
  newDockerEngine,
  newPyodideEngine,
  registeredChildren,
  requireDocker,
} from './support/engines.ts';
import { jobOf, MIB, runScript } from './support/run-script.ts';
import { isProcess, until } from './support/until.ts';

/** Enough to detect a leak; `VED_TEST_RUNS` allows many more. */
const RUNS = Number(process.env.VED_TEST_RUNS ?? 24);

const docker = new Docker(connectionOptions(process.env.DOCKER_HOST, process.env));

async function containersOf(owner: string, filters: Record<string, string[]> = {}): Promise<string[]> {
  const list = await docker.listContainers({ all: true, filters: { label: [`ved.owner=${owner}`], ...filters } });
  return list.map(({ Id }) => Id);
}

/** A server in its own process with one endless run. */
async function startServer(...args: string[]): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./support/endless-run.ts', import.meta.url));
  const server = spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout!, 'data');
  return server;
}

async function reap(owner: string): Promise<void> {
  const engine = newDockerEngine({ owner });
  await engine.reap();
  await engine.close();
}

async function kill(server: ChildProcess): Promise<void> {
  server.kill('SIGKILL');
  await once(server, 'exit');
}

/** 0 if the system does not report it. */
function openDescriptors(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}

exhaustive.describe('when the server is killed during a run on the docker engine', () => {
  before(async function () {
    await requireDocker(this);
  });

  it('its containers end by themselves, except one that never started, which a reap removes', async () => {
    const owner = `killed-${process.pid}`;
    const running = { status: ['running'] };
    const server = await startServer('docker', owner);
    // One is running and two are waiting. Otherwise Docker could finish creating one after the reap.
    await until(async () => (await containersOf(owner, running)).length === 3, 'the pool is full');
    await kill(server);
    await until(async () => (await containersOf(owner, running)).length === 0, 'no container of a killed server runs', 30_000);
    await docker.createContainer({ Image: DEFAULT_IMAGE, Cmd: ['python3'], Labels: { 'ved.owner': owner } });
    await reap(owner);
    // Docker takes a moment to remove containers that have ended.
    await until(async () => (await containersOf(owner)).length === 0, 'no container of a killed server is left');
  });

  it('a container that was started without a client attached ends by itself', async () => {
    const owner = `alone-${process.pid}`;
    const spec = containerSpec(DEFAULT_IMAGE, await bootProgram(), owner, { memoryBytes: 256 * MIB, cpus: 1 }, 0.2);
    const container = await docker.createContainer(spec);
    await container.start();
    await until(async () => (await containersOf(owner)).length === 0, 'it has ended and removed itself');
  });

  it('a container whose server dies between attach and start ends by itself', async () => {
    const owner = `gone-${process.pid}`;
    const container = await docker.createContainer(
      containerSpec(DEFAULT_IMAGE, await bootProgram(), owner, { memoryBytes: 256 * MIB, cpus: 1 }),
    );
    const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
    (stream as Duplex).destroy();
    await container.start();
    await until(async () => (await containersOf(owner)).length === 0, 'it has ended and removed itself');
  });

  it('a container whose server dies after its first byte and before the start ends by itself', async () => {
    const owner = `said-${process.pid}`;
    const spec = containerSpec(DEFAULT_IMAGE, await bootProgram(), owner, { memoryBytes: 256 * MIB, cpus: 1 }, 1);
    const container = await docker.createContainer(spec);
    // It stays attached: Docker may still see a dying server as connected.
    const stream = (await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })) as Duplex;
    stream.on('error', () => undefined).resume();
    stream.write('.');
    await container.start();
    await until(async () => (await containersOf(owner)).length === 0, 'it has ended and removed itself');
    stream.destroy();
  });

  it('a reap leaves the containers of other servers alone', async () => {
    const [mine, theirs] = [`reap-mine-${process.pid}`, `reap-theirs-${process.pid}`];
    const make = (owner: string) => docker.createContainer({ Image: DEFAULT_IMAGE, Cmd: ['python3'], Labels: { 'ved.owner': owner } });
    const [, other] = await Promise.all([make(mine), make(theirs)]);
    await reap(mine);
    expect(await containersOf(mine)).to.deep.equal([]);
    expect(await containersOf(theirs)).to.deep.equal([other.id]);
    await other.remove();
  });
});

exhaustive.describe('when the server is killed during a run on the pyodide engine', () => {
  let cacheDir: string;
  const children = (): number[] => readdirSync(join(cacheDir, 'children')).map(Number);

  before(async () => {
    cacheDir = mkdtempSync(join(tmpdir(), 'ved-killed-'));
    await lendSnapshot(cacheDir);
  });
  after(() => rmSync(cacheDir, { recursive: true, force: true }));

  it('its children end by themselves, and a reap forgets them', async () => {
    const server = await startServer('pyodide', cacheDir);
    const pids = children();
    expect(pids.filter(isProcess)).not.to.deep.equal([]);
    await kill(server);
    await until(() => !pids.some(isProcess), 'the children of a killed server are gone');
    await newPyodideEngine({ cacheDir }).reap();
    expect(children()).to.deep.equal([]);
  });

  it('a reap leaves alone a process that merely has the same id', async () => {
    writeFileSync(join(cacheDir, 'children', String(process.ppid)), '');
    await newPyodideEngine({ cacheDir }).reap();
    expect(isProcess(process.ppid)).to.equal(true);
    expect(children()).to.deep.equal([]);
  });
});

describe('an embedded interpreter that cannot be registered', () => {
  it('is ended, and the run says why', async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'ved-unregistered-'));
    await lendSnapshot(cacheDir);
    // A file in place of the registry's folder.
    writeFileSync(join(cacheDir, 'children'), '');
    const engine = newPyodideEngine({ cacheDir, poolSize: 0 });
    try {
      const { status, reason } = await runScript(engine, 'print(1)');
      expect([status, reason]).to.satisfy(([s, r]: [string, string]) => s === 'engine_error' && /EEXIST|ENOTDIR/.test(r));
      const named = (pid: string): boolean => /^\d+$/.test(pid) && (readCommandLine(Number(pid)) ?? '').includes(cacheDir);
      expect(readdirSync('/proc').filter(named)).to.deep.equal([]);
    } finally {
      await engine.close();
      rmSync(cacheDir, { recursive: true, force: true });
    }
  });
});

describe('a run that its caller stops following', () => {
  /** Stops following an endless run after its first output; returns the sandboxes at that moment. */
  async function abandon(engine: Engine, sandboxes: () => Promise<string[]>): Promise<string[]> {
    const endless = jobOf('print("begun", flush=True)\nwhile True: pass', { limits: { timeoutMs: 120_000 } });
    for await (const event of engine.run(endless)) if (event.type === 'output') return sandboxes();
    throw new Error('the run ended by itself');
  }

  it('leaves no container on the docker engine', async function () {
    await requireDocker(this);
    const owner = `abandoned-${process.pid}`;
    const engine = newDockerEngine({ owner, poolSize: 0 });
    expect(await abandon(engine, () => containersOf(owner))).to.have.length(1);
    await until(async () => (await containersOf(owner)).length === 0, 'its container is gone');
    await engine.close();
  });

  it('leaves no process on the pyodide engine', async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'ved-abandoned-'));
    await lendSnapshot(cacheDir);
    const engine = newPyodideEngine({ cacheDir, poolSize: 0 });
    const pids = await abandon(engine, async () => readdirSync(join(cacheDir, 'children')));
    expect(pids).to.have.length(1);
    await until(() => !isProcess(Number(pids[0])), 'its process is gone');
    await engine.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });
});

describe('a reap while the engine is in use', () => {
  it('spares the containers in the pool', async function () {
    await requireDocker(this);
    const owner = `own-${process.pid}`;
    const engine = newDockerEngine({ owner });
    await engine.probe();
    const waiting = await containersOf(owner);
    await engine.reap();
    expect(await containersOf(owner))
      .to.deep.equal(waiting)
      .and.have.length(1);
    await engine.close();
  });
});

exhaustive.describe('after many runs', () => {
  it('no container and no descriptor is left on the docker engine', async function () {
    this.timeout(300_000);
    await requireDocker(this);
    const owner = `leak-${process.pid}`;
    const engine = newDockerEngine({ owner, poolSize: 2 });
    await runScript(engine, '');
    const before = openDescriptors();
    for (let i = 0; i < RUNS; i += 2) await Promise.all([runScript(engine, 'print(1)'), runScript(engine, 'raise SystemExit(1)')]);
    await engine.close();
    expect(await containersOf(owner)).to.deep.equal([]);
    expect(openDescriptors()).to.be.at.most(before + 2);
  });

  it('no process and no descriptor is left on the pyodide engine', async function () {
    this.timeout(600_000);
    await lendSharedSnapshot();
    const engine = newPyodideEngine({ poolSize: 1 });
    await runScript(engine, '');
    const before = openDescriptors();
    for (let i = 0; i < RUNS / 2; i += 1) await runScript(engine, 'print(1)');
    await engine.close();
    expect(registeredChildren()).to.deep.equal([]);
    expect(openDescriptors()).to.be.at.most(before);
  });
});
