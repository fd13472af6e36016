import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Agent } from './support/agent.ts';
import { type SpawnedServer, spawnServer } from './support/spawned-server.ts';

describe('the process of the server', () => {
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

  it('ends event streams and leaves in order on SIGTERM, and people stay signed in when it is back', async () => {
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

  it('refuses a data folder that another one uses, until that is gone, even if it was killed', async () => {
    const first = spawn();
    await first.url;
    const second = spawn();
    expect(await second.ended).to.equal(1);
    expect(await second.stderr).to.contain(`another server (process ${first.child.pid}) uses the data folder ${dataDir}`);
    first.child.kill('SIGKILL');
    await first.ended;
    const third = spawn();
    await third.url;
    expect((await readFile(join(dataDir, 'server.pid'), 'utf8')).trim()).to.equal(String(third.child.pid));
  });

  it('says in one line that its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    const server = spawn({ PORT: String(port) });
    expect(await server.ended).to.equal(1);
    expect(await server.stderr).to.equal(
      `ved cannot start: cannot listen on 127.0.0.1, port ${port}: something else listens there already; set PORT or HOST to something else\n`,
    );
    holder.close();
  });

  it('says every bad setting', async () => {
    const server = spawn({ PORT: 'many', VED_LOG_LEVEL: 'loud' });
    expect(await server.ended).to.equal(1);
    expect(await server.stderr).to.match(/^ved cannot start: 2 things .*\n- PORT: .*\n- VED_LOG_LEVEL: .*\n$/);
  });
});
