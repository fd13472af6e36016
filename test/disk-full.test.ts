/** The whole server on a full disk: what is refused, what still works, and that it recovers when there is space. */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import { importBody } from '../plugins/catalog/test/exchange/import-requests.ts';
import { isProcess, until } from '../plugins/runner/test/engines/support/until.ts';
import { nodeEnginePlugin } from '../plugins/runner/test/support/node-engine.ts';
import { addScript, startDraft, untilDone, untilWritten } from '../plugins/runner/test/support/runner-server.ts';
import type { Agent, AgentResponse } from './support/agent.ts';
import { exhaustive } from './support/exhaustive.ts';
import { addEditor } from './support/journey.ts';
import { startServer, type TestServer } from './support/server.ts';

/** Larger than the space that SQLite and the file system may have left in partly filled pages. */
const LARGE = randomBytes(400_000).toString('hex');
/** More than SQLite buffers for one transaction, so that it finds the disk full in the middle and not only at the end. */
const LARGER = LARGE.repeat(6);
/** Prints its process id, and once released writes more than anything buffers. */
const WRITER = `
import { existsSync } from 'node:fs';
console.log('pid ' + process.pid);
while (!existsSync('GO_ON')) await new Promise((tick) => setTimeout(tick, 5));
for (let i = 0; i < 20_000; i += 1) console.log('x'.repeat(500));
`;

/** People besides ed1, each with 1 MiB of settings: together more than fits into SQLite's log when the disk is full. */
const WRITERS = 24;

/** Moves a folder to another disk and leaves a link to it. */
function renameAcross(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  rmSync(from, { recursive: true });
  symlinkSync(to, from);
}

describe('a server whose disk is full', () => {
  let folder = '';
  /** A folder on another disk. */
  let outside = '';
  let mounted = false;
  let server: TestServer;
  let ed: Agent;
  let writers: Agent[] = [];
  let id = 0;
  let settings = 0;
  before(function () {
    [folder, outside] = [mkdtempSync(join(tmpdir(), 'ved-full-')), mkdtempSync(join(tmpdir(), 'ved-not-full-'))];
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'pipe' });
      mounted = true;
    } catch (error) {
      if (process.env.VED_TEST_REQUIRE_ALL) throw error;
      // Mounting needs root, and is not allowed in every container.
      this.skip();
    }
    return start();
  });
  after(async () => {
    await server?.stop();
    if (mounted) execFileSync('umount', [folder]);
    for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true });
  });
  afterEach(makeRoom);

  async function start(): Promise<void> {
    const env = { VED_RUNNER: 'plugin:node', VED_RUN_CONCURRENCY: '2' };
    server = await startServer({ dataDir: folder, morePlugins: [nodeEnginePlugin()], env });
    ed = await server.signIn('ed1', '1editor');
    writers = [ed];
    for (let n = 1; n <= WRITERS; n += 1)
      writers.push(id === 0 ? await addEditor(server, `writer${n}`) : await server.signIn(`writer${n}`, `writer${n}-is-an-editor`));
    if (id === 0) id = await addScript(ed, 'kept = 1\n', { test_data: 'kept' });
  }

  /** Uses up all space. */
  function fill(): void {
    const ballast = openSync(join(folder, 'ballast'), 'a');
    for (const size of [1 << 20, 1 << 12]) {
      try {
        for (;;) writeSync(ballast, Buffer.alloc(size));
      } catch (error) {
        expect(error).to.have.property('code', 'ENOSPC');
      }
    }
    closeSync(ballast);
  }

  function makeRoom(): void {
    rmSync(join(folder, 'ballast'), { force: true });
  }

  /** Expects a refusal that says that the disk is full. */
  function expectFull({ status, body }: AgentResponse): void {
    expect(status, JSON.stringify(body)).to.equal(507);
    expect(body.code).to.match(/\/disk-full$/);
    expect(body.detail).to.match(/disk .*full/);
  }

  const everything = async () => ({
    list: (await ed.get('/api/scripts')).body,
    script: (await ed.get(`/api/scripts/${id}`)).body,
    versions: (await ed.get(`/api/scripts/${id}/versions`)).body,
    settings: (await ed.get('/api/workspace/settings')).body,
  });

  for (const [what, attempt] of [
    ['a save', () => ed.put(`/api/scripts/${id}`, { content: `x = "${LARGE}"\n` })],
    ['a new script', () => ed.post('/api/scripts', { content: `x = "${LARGE}"\n` })],
    ['test data', () => ed.put(`/api/scripts/${id}`, { content: 'kept = 1\n', test_data: LARGER })],
    [
      'an import',
      () =>
        ed.post(
          '/api/import',
          importBody([
            ['1.py', 'a = 1\n'],
            ['2.py', `b = "${LARGE}"\n`],
          ]),
        ),
    ],
  ] as const)
    it(`refuses ${what}, changes nothing, and accepts it when there is space`, async () => {
      const before = await everything();
      fill();
      expectFull(await attempt());
      expect(await everything()).to.deep.equal(before);
      expect((await server.agent().get('/api/health')).status).to.equal(200);
      makeRoom();
      expect((await attempt()).status).to.be.oneOf([200, 201]);
    });

  /** Fills the disk, then writes settings, each person up to the limit, until SQLite has used up its space. */
  async function fillToTheBrim(): Promise<{ taken: Record<string, string>; refusal: AgentResponse; refused: Agent }> {
    fill();
    const taken: Record<string, string> = {};
    for (const writer of writers) {
      for (;;) {
        // Never an existing one: it would reuse the space of the old one.
        settings += 1;
        const raw = LARGE.slice(settings, settings + 200_000);
        const answer = await writer.put(`/api/workspace/settings/test:n${settings}`, { raw });
        if (answer.body.code === 'workspace/settings-full') break;
        if (answer.status !== 200) return { taken, refusal: answer, refused: writer };
        taken[`test:n${settings}`] = raw;
      }
    }
    throw new Error('everybody has reached the limit of settings, and SQLite still accepts more');
  }

  /** The settings that the tests wrote, of all people. */
  async function writtenSettings(): Promise<Record<string, string>> {
    const all = await Promise.all(writers.map(async (writer) => Object.entries((await writer.get('/api/workspace/settings')).body)));
    return Object.fromEntries(all.flat().filter(([name]) => name.startsWith('test:'))) as Record<string, string>;
  }

  it('refuses settings, keeps earlier ones, and accepts more when there is space', async () => {
    const { taken, refusal, refused } = await fillToTheBrim();
    expectFull(refusal);
    expect(await writtenSettings()).to.deep.equal(taken);
    makeRoom();
    expect((await refused.put('/api/workspace/settings/test:more', { raw: LARGE.slice(0, 200_000) })).status).to.equal(200);
    expect(Object.keys(await writtenSettings())).to.have.length(Object.keys(taken).length + 1);
  });

  it('ends a run whose output does not fit, says so, and runs scripts again when there is space', async () => {
    const script = await addScript(ed, 'text');
    const goOn = join(outside, 'go-on');
    const run = await startDraft(ed, script, WRITER.replace('GO_ON', goOn));
    await untilWritten(ed, run, 'pid ');
    const pid = Number(/pid (\d+)/.exec((await ed.get(`/api/runs/${run}`)).body.stdout)![1]);
    await fillToTheBrim();
    closeSync(openSync(goOn, 'w'));
    await until(() => !isProcess(pid), 'the script is ended, because its output cannot be stored');
    expect((await ed.get(`/api/runs/${run}`)).status).to.equal(200);
    makeRoom();
    await untilDone(ed, run);
    const ended = (await ed.get(`/api/runs/${run}`)).body;
    expect(ended.status).to.equal('engine_error');
    expect(ended.reason)
      .to.match(/disk .*full/)
      .and.not.match(/insert/i);
    const next = await startDraft(ed, script, 'console.log("again")');
    await untilDone(ed, next);
    expect((await ed.get(`/api/runs/${next}`)).body).to.include({ status: 'succeeded', stdout: 'again\n' });
  });

  exhaustive.it('keeps the commit of a version that only SQLite had no space for, says so, and adds it later', async () => {
    await server.stop();
    // The scripts are on another disk, which has room.
    renameAcross(join(folder, 'scripts.git'), join(outside, 'scripts.git'));
    await start();
    await fillToTheBrim();
    const save = (content: string) => ed.put(`/api/scripts/${id}`, { content });
    // SQLite keeps writing into space that its log used earlier; how much there is depends on when the log last restarted.
    let fitting = 0;
    let first = await save('lost_0 = 0\n');
    while (first.status === 200 && fitting < 1000) {
      fitting += 1;
      first = await save(`lost_${fitting} = 0\n`);
    }
    for (const answer of [first, await save('never = 0\n')]) {
      expectFull(answer);
      expect(answer.body.detail).to.contain('gets its version when there is space');
    }
    const { minor } = (await everything()).script.version;
    makeRoom();
    const saved = (await ed.put(`/api/scripts/${id}`, { content: 'after = 1\n' })).body;
    expect(saved.version.minor).to.equal(minor + 2);
    const diff = await ed.get(`/api/scripts/${id}/diff?from=${saved.version.base_version_id}&to=${saved.version.id}`);
    expect(diff.body).to.include({ from_text: `lost_${fitting} = 0\n`, to_text: 'after = 1\n' });
  });

  exhaustive.it('is unchanged after a restart, for SQLite and for git', async () => {
    const before = await everything();
    await server.stop();
    execFileSync('git', ['-C', join(folder, 'scripts.git'), 'fsck', '--strict', '--no-dangling'], { stdio: 'pipe' });
    const db = openDatabase(join(folder, 'ved.sqlite'));
    expect(await db.raw('PRAGMA integrity_check')).to.deep.equal([{ integrity_check: 'ok' }]);
    await db.destroy();
    await start();
    expect(await everything()).to.deep.equal(before);
  });
});
