import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Agent } from './support/agent.ts';
import { exhaustive } from './support/exhaustive.ts';
import { type SpawnedServer, spawnServer } from './support/spawned-server.ts';

describe('the server process', () => {
  let dataDir: string;
  let running: SpawnedServer[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-process-'));
    running = [];
  });
  afterEach(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGKILL');
      await ended;
    }
    await rm(dataDir, { recursive: true });
  });
  const spawn = (env: Record<string, string> = {}) => {
    const server = spawnServer({ VED_DATA_DIR: dataDir, ...env });
    running.push(server);
    return server;
  };

  it('ends event streams and exits cleanly on SIGTERM, and people are still signed in after a restart', async () => {
    const server = spawn();
    const agent = new Agent(await server.url);
    await agent.post('/api/auth/login', { username: 'ed1', password: '1editor' });
    const events = agent.events('/api/events');
    await events.next();
    server.child.kill('SIGTERM');
    expect((await events.next()).done).to.equal(true);
    expect(await server.ended).to.equal(0);
    const again = spawn();
    expect((await new Agent(await again.url).get('/api/auth/me', { Cookie: agent.cookie })).body.username).to.equal('ed1');
    expect((await stat(join(dataDir, 'session.key'))).mode & 0o777).to.equal(0o600);
  });

  it('refuses a data folder that another one uses, until that has ended or was killed', async () => {
    const first = spawn();
    await first.url;
    const second = spawn();
    expect(await second.ended).to.equal(1);
    expect(await second.stderr).to.contain(`another server (process ${first.child.pid}) is using the data folder ${dataDir}`);
    first.child.kill('SIGKILL');
    await first.ended;
    const third = spawn();
    await third.url;
    expect((await readFile(join(dataDir, 'server.pid'), 'utf8')).trim()).to.equal(String(third.child.pid));
  });

  for (const kind of ['exception', 'rejection']) {
    (kind === 'exception' ? it : exhaustive.it)(`logs an unhandled error and stops cleanly (${kind})`, async () => {
      const server = spawn({ TEST_UNHANDLED: kind });
      const agent = new Agent(await server.url);
      await agent.post('/api/auth/login', { username: 'mo1', password: '2viewer' });
      const events = agent.events('/api/events');
      await events.next();
      server.child.kill('SIGUSR2');
      expect((await events.next()).done).to.equal(true);
      expect(await server.ended).to.equal(1);
      const said = JSON.parse(await server.stderr);
      expect([said.level, said.err.message]).to.deep.equal([60, 'nobody foresaw this']);
    });
  }

  exhaustive.it('refuses requests while it has no file descriptors, and recovers', async function () {
    if (process.platform !== 'linux') this.skip();
    const page = join(dataDir, 'page');
    await mkdir(join(page, 'assets'), { recursive: true });
    await writeFile(join(page, 'index.html'), '<!doctype html><title>ved</title>');
    await writeFile(join(page, 'assets/app.js'), 'x'.repeat(4 * 1024 * 1024));
    const server = spawn({ TEST_PAGE: page, VED_LOG_LEVEL: 'error' });
    const url = await server.url;
    const fds = join('/proc', String(server.child.pid), 'fd');
    const limit = (await readdir(fds)).length + 20;
    execFileSync('prlimit', ['--pid', String(server.child.pid), `--nofile=${limit}:${limit}`]);
    const leave = new AbortController();
    // Each uses a connection and, while the body is unread, a file.
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        fetch(`${url}/assets/app.js`, { signal: leave.signal }).then(
          ({ status }) => status,
          () => 'closed',
        ),
      ),
    );
    leave.abort();
    // The system decides whether connections or files get the last descriptors.
    expect([200, 503, 'closed']).to.include.members(answers);
    expect(answers.filter((answer) => answer !== 200)).to.have.length.greaterThan(0);
    while ((await readdir(fds)).length > limit - 15) await new Promise((resolve) => setImmediate(resolve));
    const again = await fetch(`${url}/assets/app.js`);
    expect([again.status, (await again.text()).length]).to.deep.equal([200, 4 * 1024 * 1024]);
    server.child.kill('SIGTERM');
    expect(await server.ended).to.equal(0);
  });

  it('says in one line that its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    const server = spawn({ PORT: String(port) });
    expect(await server.ended).to.equal(1);
    expect(await server.stderr).to.equal(
      `ved cannot start: cannot listen on 127.0.0.1, port ${port}: the port is already in use; set PORT or HOST to something else\n`,
    );
    holder.close();
  });

  it('reports every invalid setting', async () => {
    const server = spawn({ PORT: 'many', VED_LOG_LEVEL: 'loud' });
    expect(await server.ended).to.equal(1);
    expect(await server.stderr).to.match(/^ved cannot start: there are 2 problems:\n- PORT: .*\n- VED_LOG_LEVEL: .*\n$/);
  });
});
