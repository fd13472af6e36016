/** The Docker engine when Docker or its image is missing. */

import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Engine } from '../../contract/engine.ts';
import { connectionOptions } from '../../server/engines/docker/connection.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { runScript } from './support/run-script.ts';

/** A connection to the Docker engine that can be cut. Only for an engine on a local socket. */
class Path {
  readonly address: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'ved-docker-path-'));
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.address = `unix://${this.folder}/docker.sock`;
  }

  async open(): Promise<void> {
    const target = process.env.DOCKER_HOST?.replace('unix://', '') ?? '/var/run/docker.sock';
    this.server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: target, allowHalfOpen: true });
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => this.server!.listen(`${this.folder}/docker.sock`, resolve));
  }

  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }

  async remove(): Promise<void> {
    await this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('a Docker engine that disappears and returns', () => {
  const path = new Path();
  let engine: Engine;

  before(async function () {
    await requireDocker(this);
    if (process.env.DOCKER_HOST && !process.env.DOCKER_HOST.startsWith('unix://')) this.skip();
    await path.open();
    engine = newDockerEngine({ dockerHost: path.address });
  });
  after(async () => {
    await engine?.close();
    await path.remove();
  });

  it('is found', async () => {
    const { available, reason, interpreter, imageDigest } = await engine.probe();
    expect(available, reason ?? '').to.equal(true);
    expect(interpreter).to.match(/^cpython-3\.\d+$/);
    expect(imageDigest).to.match(/^sha256:/);
  });

  it('ends the current run with the reason', async () => {
    const { status, reason } = await runScript(engine, 'print("begun", flush=True)\nwhile True: pass', { onOutput: () => path.cut() });
    expect(status).to.equal('engine_error');
    expect(reason).to.equal('The Docker engine became unavailable during the run.');
  });

  it('is reported as unavailable, with the reason', async () => {
    const { available, preparable, reason } = await engine.probe();
    expect(available).to.equal(false);
    expect(preparable).to.equal(false);
    expect(reason).to.match(/^No Docker engine at unix:.*: the socket does not exist\.$/);
  });

  it('ends the next run with the reason', async () => {
    const { status, reason, events } = await runScript(engine, 'print(1)');
    expect(status).to.equal('engine_error');
    expect(reason).to.match(/^No Docker engine at/);
    expect(events).to.deep.equal(['exit']);
  });

  it('is found again when it returns', async () => {
    await path.open();
    expect((await engine.probe()).available).to.equal(true);
    expect((await runScript(engine, 'print(1)')).status).to.equal('succeeded');
  });
});

describe('a missing image', () => {
  const image = 'ved.invalid/missing:1';
  let engine: Engine;

  before(async function () {
    await requireDocker(this);
    engine = newDockerEngine({ interpreters: [{ name: null, image }] });
  });
  after(async () => engine?.close());

  it('is reported as fetchable by the probe', async () => {
    const { available, preparable, reason } = await engine.probe();
    expect({ available, preparable, reason }).to.deep.equal({
      available: false,
      preparable: true,
      reason: `The image ${image} is not on the Docker engine.`,
    });
  });

  it('is reported with the reason if it cannot be fetched', async () => {
    const error = await engine.prepare!(() => undefined, new AbortController().signal).catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error);
    expect((error as Error).message).to.match(/^The image ved\.invalid\/missing:1 could not be fetched\. .*ved\.invalid/);
  });

  it('is no longer waited for when cancelled', async () => {
    const error = await engine.prepare!(() => undefined, AbortSignal.abort()).catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error);
  });

  it('ends a run with the reason', async () => {
    const { status, reason } = await runScript(engine, 'print(1)');
    expect(status).to.equal('engine_error');
    expect(reason).to.equal(`The image ${image} is not on the Docker engine.`);
  });
});

describe('without a Docker engine', () => {
  it('a probe reports that', async () => {
    const engine = newDockerEngine({ dockerHost: 'tcp://127.0.0.1:1' });
    expect(await engine.probe()).to.include({
      available: false,
      preparable: false,
      reason: 'No Docker engine at tcp://127.0.0.1:1: connection refused.',
    });
    await engine.close();
  });
});

describe('the address of a Docker engine', () => {
  it('is parsed like the docker command does', () => {
    expect(connectionOptions(undefined, {})).to.deep.equal({});
    expect(connectionOptions('unix:///run/d.sock', {})).to.deep.equal({ socketPath: '/run/d.sock' });
    expect(connectionOptions('tcp://host', {})).to.deep.equal({ protocol: 'http', host: 'host', port: 2375 });
    expect(connectionOptions('tcp://host:2376', {})).to.deep.equal({ protocol: 'https', host: 'host', port: 2376 });
  });
});
