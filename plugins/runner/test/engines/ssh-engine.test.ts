/** A Docker engine behind ssh: a real sshd, ssh, agent and keys, and everything that can go wrong. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import type { Engine } from '../../contract/engine.ts';
import { connectDocker } from '../../server/engines/docker/connection.ts';
import { parseSshAddress, sshArguments } from '../../server/engines/docker/ssh-address.ts';
import { SshTunnel } from '../../server/engines/docker/ssh-tunnel.ts';
import { dockerClient } from './support/derived-image.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { runScript } from './support/run-script.ts';
import { requireSshd, type SshHost, startSshHost } from './support/ssh-host.ts';
import { isProcess, until } from './support/until.ts';

/** Long enough to sign in on a busy machine, and short enough to test hosts that do not answer. */
const STAGE_PATIENCE_MS = 5000;
/** More than the sessions that sshd allows per connection by default (MaxSessions). */
const MANY = 25;

describe('a Docker engine behind ssh', () => {
  const environment = { ...process.env };
  let host: SshHost;

  /** The reason that a probe reports, if there is one. */
  const obstacle = async (dockerHost = host.url): Promise<string | null> => {
    const engine = newDockerEngine({ dockerHost, poolSize: 0 });
    try {
      const { available, reason } = await engine.probe();
      expect(available).to.equal(false);
      return reason;
    } finally {
      await engine.close();
    }
  };
  const nothingLeft = (): void => {
    expect([host.clients(), host.temporary()]).to.deep.equal([[], []]);
  };

  const silent = createServer();
  /** Accepts connections and sends nothing. */
  const silentPort = async (): Promise<number> => {
    if (!silent.listening) await once(silent.listen(0, '127.0.0.1'), 'listening');
    return (silent.address() as AddressInfo).port;
  };

  before(async function () {
    requireSshd(this);
    await requireDocker(this);
    host = await startSshHost();
    Object.assign(process.env, host.env);
  });
  afterEach(() => {
    host.know('host');
    host.admit('agent');
    host.goThrough(null);
    process.env.PATH = host.env.PATH;
  });
  after(async () => {
    silent.close();
    await host?.stop();
    for (const name of ['PATH', 'SSH_AUTH_SOCK', 'TMPDIR']) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  });

  describe('that is available', () => {
    const owner = `ssh-${process.pid}`;
    let engine: Engine;
    before(() => {
      engine = newDockerEngine({ dockerHost: host.url, owner });
    });

    it('is reported as available', async () => {
      expect(await engine.probe()).to.include({ available: true, reason: null });
    });
    it('runs a script with its input, both streams and its files', async () => {
      const script =
        'import os, sys\nopen("/tmp/out/copy", "w").write(open(sys.argv[1]).read())\nprint("far")\nprint("away", file=sys.stderr)\nraise SystemExit(3)';
      const done = await runScript(engine, script, { input: 'x'.repeat(300_000) });
      expect(done).to.include({ status: 'failed', exitCode: 3 });
      expect([done.stdout.toString(), done.stderr.toString(), done.files.get('copy')?.length]).to.deep.equal(['far\n', 'away\n', 300_000]);
    });
    it('ends a cancelled script', async () => {
      const abort = new AbortController();
      const done = await runScript(engine, 'print("up", flush=True)\nwhile True: pass', {
        signal: abort.signal,
        onOutput: () => abort.abort(),
      });
      expect(done.status).to.equal('cancelled');
    });
    exhaustive.it('blocks a script whose output is not read, but no others', async () => {
      let other: Promise<{ status: string }> | null = null;
      const done = await runScript(engine, 'for _ in range(16): print("x" * 2**20)', {
        onOutput: async () => {
          other ??= runScript(engine, 'print("quick")');
          expect((await other).status).to.equal('succeeded');
        },
      });
      expect(done.stdout.length).to.equal(16 * (2 ** 20 + 1));
    });
    it('is reached by one ssh process, which ends with the engine and leaves nothing behind', async () => {
      expect(host.clients()).to.have.length(1);
      await engine.close();
      nothingLeft();
      expect(await dockerClient().listContainers({ all: true, filters: { label: [`ved.owner=${owner}`] } })).to.deep.equal([]);
    });
  });

  it('has as many parallel connections as needed', async () => {
    const { client, close } = await connectDocker(host.url, process.env);
    const streams = await Promise.all(Array.from({ length: MANY }, () => client.getEvents()));
    expect(streams.map((stream) => (stream as unknown as { destroyed: boolean }).destroyed)).to.deep.equal(Array(MANY).fill(false));
    expect(host.clients()).to.have.length(1);
    for (const stream of streams) stream.on('error', () => undefined);
    await close();
    nothingLeft();
  });

  exhaustive.it('that disappears during a run ends that run with the reason, and is found again when it is back', async () => {
    const engine = newDockerEngine({ dockerHost: host.url, poolSize: 0 });
    try {
      const lost = await runScript(engine, 'import time\nprint("up", flush=True)\ntime.sleep(60)', { onOutput: () => host.door.shut() });
      expect(lost).to.include({ status: 'engine_error', reason: 'The Docker engine became unavailable during the run.' });
      expect((await engine.probe()).reason).to.equal(`No Docker engine at ${host.url}: connection refused.`);
      await host.door.open();
      await until(async () => (await engine.probe()).available, 'it is found again');
      expect(await runScript(engine, 'print(1)')).to.include({ status: 'succeeded' });
    } finally {
      await engine.close();
    }
    nothingLeft();
  });

  exhaustive.it('loses its ssh process when the server is killed', async () => {
    const owner = `ssh-killed-${process.pid}`;
    const program = fileURLToPath(new URL('./support/endless-run.ts', import.meta.url));
    const env = { ...process.env, DOCKER_HOST: host.url };
    const server = spawn(process.execPath, ['--import', 'tsx', program, 'docker', owner], { stdio: ['ignore', 'pipe', 'inherit'], env });
    await once(server.stdout, 'data');
    expect(host.clients()).to.have.length(1);
    server.kill('SIGKILL');
    await until(() => host.clients().length === 0, 'ssh ends with its server');
    // Only the empty folder of its socket stays, since a killed server cannot remove it.
    expect(host.temporary()).to.have.length(1);
    host.empty();
    const filters = { label: [`ved.owner=${owner}`], status: ['running'] };
    const docker = dockerClient();
    await until(async () => (await docker.listContainers({ filters })).length === 0, 'its containers end');
    const engine = newDockerEngine({ owner });
    await engine.reap();
    await engine.close();
  });

  it('is not contacted if its host key is unknown', async () => {
    host.know('nobody');
    expect(await obstacle()).to.match(
      /^No Docker engine at ssh:\/\/\w+@127\.0\.0\.1:\d+: its host key is unknown\. Confirm it once, as the user that runs ved: ssh -p \d+ \w+@127\.0\.0\.1\.$/,
    );
  });
  it('is not contacted if its host key has changed', async () => {
    host.know('impostor');
    expect(await obstacle()).to.include('its host key differs from the one that ssh knows. Someone may be intercepting');
  });
  it('that refuses the key is reported immediately', async () => {
    host.admit('stranger');
    const begun = performance.now();
    expect(await obstacle()).to.include('it accepts none of the keys that ssh offers.');
    expect(performance.now() - begun).to.be.below(4000);
  });
  it('whose socket does not exist is reported with its path', async () => {
    expect(await obstacle(`${host.url}/run/no/such.sock`)).to.include(
      'its socket /run/no/such.sock cannot be reached: the engine is not running,',
    );
  });
  it('on an unknown host is reported', async () => {
    expect(await obstacle('ssh://me@no-such-host.invalid')).to.include('unknown host no-such-host.invalid');
  });
  it('cannot be reached without the program ssh', async () => {
    process.env.PATH = '/nonexistent';
    expect(await obstacle()).to.include('the program ssh is not installed on this machine');
  });
  it('whose sshd forbids forwarding is reported with the option to set', async () => {
    const strict = await startSshHost('AllowStreamLocalForwarding no');
    Object.assign(process.env, strict.env);
    try {
      expect(await obstacle(strict.url)).to.include('or its sshd does not allow socket forwarding (AllowStreamLocalForwarding).');
    } finally {
      Object.assign(process.env, host.env);
      await strict.stop();
    }
  });
  it('on a host that accepts connections but never responds times out', async () => {
    const tunnel = new SshTunnel(parseSshAddress(`ssh://127.0.0.1:${await silentPort()}`), 300);
    const error = await tunnel.connect().catch((reason: Error) => reason);
    await tunnel.close();
    expect((error as Error).message).to.equal('no response from the host');
  });
  exhaustive.it('on a host whose shell runs no commands is reported with a command to try', async () => {
    const stuck = await startSshHost('ForceCommand cat > /dev/null');
    Object.assign(process.env, stuck.env);
    try {
      const tunnel = new SshTunnel(parseSshAddress(stuck.url), STAGE_PATIENCE_MS);
      const error = await tunnel.connect().catch((reason: Error) => reason);
      await tunnel.close();
      expect((error as Error).message).to.match(
        /^the host accepts this account, but does not run commands for it\. To see what its shell is waiting for, run: ssh -p \d+ \w+@127\.0\.0\.1 true$/,
      );
    } finally {
      Object.assign(process.env, host.env);
      await stuck.stop();
    }
  });
  exhaustive.it('whose engine accepts connections but never responds is reported with its socket', async () => {
    const socket = join(host.env.TMPDIR!, 'silent.sock');
    const mute = createServer();
    await once(mute.listen(socket), 'listening');
    const tunnel = new SshTunnel(parseSshAddress(`${host.url}${socket}`), STAGE_PATIENCE_MS);
    const error = await tunnel.connect().catch((reason: Error) => reason);
    await tunnel.close();
    mute.close();
    expect((error as Error).message).to.equal(`no response from its socket ${socket}`);
    nothingLeft();
  });
  exhaustive.it('behind a proxy that hangs times out, and the proxy is ended', async () => {
    host.goThrough('sh -c "echo $$ >> $TMPDIR/proxies; exec sleep 600"');
    const proxies = (): number[] => readFileSync(join(host.env.TMPDIR!, 'proxies'), 'utf8').trim().split('\n').map(Number);
    const tunnel = new SshTunnel(parseSshAddress(host.url), 2000);
    const error = await tunnel.connect().catch((reason: Error) => reason);
    expect((error as Error).message).to.equal('no response from the host');
    await until(() => proxies().every((pid) => !isProcess(pid)), 'the proxy has ended');
    await tunnel.close();
    nothingLeft();
  });
  it('is not awaited if the engine closes in the meantime', async () => {
    const tunnel = new SshTunnel(parseSshAddress(`ssh://127.0.0.1:${await silentPort()}`));
    const opening = tunnel.connect().catch((reason: Error) => reason);
    await tunnel.close();
    expect(await opening).to.be.instanceOf(Error);
    nothingLeft();
  });
});

describe('an ssh address', () => {
  it('is parsed like the docker command does', () => {
    expect(parseSshAddress('ssh://far')).to.deep.equal({ user: null, host: 'far', port: null, socket: '/var/run/docker.sock' });
    expect(parseSshAddress('ssh://me%40work@[::1]:2222/run/user/1000/docker.sock')).to.deep.equal({
      user: 'me@work',
      host: '::1',
      port: '2222',
      socket: '/run/user/1000/docker.sock',
    });
  });
  it('that is invalid is reported, and blocks nothing', async () => {
    const engine = newDockerEngine({ dockerHost: 'ssh://host:port' });
    expect((await engine.probe()).reason).to.include('Invalid URL');
    await engine.close();
  });
  it('cannot become an option of ssh', () => {
    const address = { user: null, host: '-oProxyCommand=touch /tmp/x', port: null, socket: '/s' };
    expect(sshArguments(address, '/l').slice(-3)).to.deep.equal(['--', '-oProxyCommand=touch /tmp/x', 'cat']);
  });
});
