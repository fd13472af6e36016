import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StreamedEvent } from '../../../test/support/agent.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { addScript, type RunnerServer, startDraft, startRunnerServer, untilDone, untilWritten } from './support/runner-server.ts';

/** Ten lines on both streams, far enough apart to arrive in several chunks even on a busy machine. */
const TICKS = `for (let tick = 0; tick < 10; tick += 1) {
  (tick % 3 ? console.log : console.error)('tick', tick, 'é\\0');
  await new Promise((done) => setTimeout(done, 80));
}`;

async function all(events: AsyncIterable<StreamedEvent>, count = Number.POSITIVE_INFINITY): Promise<StreamedEvent[]> {
  const taken: StreamedEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length >= count) break;
  }
  return taken;
}

describe('the live output of a run', () => {
  let ved: RunnerServer;
  let script: number;
  before(async () => {
    ved = await startRunnerServer();
    script = await addScript(ved.editor, TICKS);
  });
  after(() => ved.server.stop());

  it('arrives as it is written, numbered consecutively, and ends with the run', async () => {
    const run = await startDraft(ved.editor, script);
    const events = await all(ved.viewer.events(`/api/runs/${run}/events`));
    expect(events.map((event) => event.id)).to.deep.equal(events.map((_, index) => String(index + 1)));
    expect(events.filter((event) => event.event === 'output').length).to.be.above(3);
    expect(events.slice(0, 2).map((event) => event.data.status)).to.deep.equal(['queued', 'running']);
    expect(events.at(-1)).to.deep.include({ event: 'done' });
    const kept = (await ved.viewer.get(`/api/runs/${run}`)).body;
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = events.filter(({ data }) => data.stream === stream).map(({ data }) => data.text);
      expect(text.join('')).to.equal(kept[stream]);
    }
    const { stdout: _, stderr: __, files: ___, files_left_out: ____, ...listed } = kept;
    expect(events.at(-1)?.data).to.deep.equal(listed);
  });

  it('is the same for a follower that is disconnected after every event', async () => {
    const run = await startDraft(ved.editor, script);
    const pieces: StreamedEvent[] = [];
    while (pieces.at(-1)?.event !== 'done') {
      const lastEventId = pieces.at(-1)?.id;
      pieces.push(...(await all(ved.viewer.events(`/api/runs/${run}/events`, lastEventId === undefined ? {} : { lastEventId }), 1)));
    }
    const whole = await all(ved.viewer.events(`/api/runs/${run}/events`));
    const plain = ({ id, event, data }: StreamedEvent) => [id, event, data.text ?? data.status];
    expect(pieces.map(plain)).to.deep.equal(whole.map(plain));
  });

  it('resumes at every position of a finished run (S14)', async () => {
    const run = await startDraft(ved.editor, script);
    await untilDone(ved.viewer, run);
    const whole = await all(ved.viewer.events(`/api/runs/${run}/events`));
    for (const [index, { id }] of whole.slice(0, -1).entries()) {
      expect(await all(ved.viewer.events(`/api/runs/${run}/events`, { lastEventId: id! }))).to.deep.equal(whole.slice(index + 1));
    }
  });

  it('gets 204 after the end, for a run and for a pass (S14)', async () => {
    const run = await startDraft(ved.editor, script);
    await untilDone(ved.viewer, run);
    const { body } = await ved.editor.post('/api/passes', {});
    for (const path of [`/api/runs/${run}/events`, `/api/passes/${body.pass_id}/events`]) {
      const whole = await all(ved.viewer.events(path));
      expect(whole.at(-1)!.event).to.equal('done');
      const again = await ved.viewer.get(path, { 'Last-Event-ID': whole.at(-1)!.id! });
      expect(again).to.include({ status: 204, body: '' });
      const before = whole.at(-2);
      if (before) expect((await ved.viewer.get(path, { 'Last-Event-ID': before.id! })).status).to.equal(200);
    }
  });

  it('keeps the end of each stream and says how much is missing before it, live and stored (L2)', async () => {
    const chatty = await addScript(
      ved.editor,
      `for (let n = 0; n < 3000; n += 1) process.stderr.write('\\rprogress ' + n + ' ' + '#'.repeat(500));
      for (let n = 0; n < 100_000; n += 1) process.stdout.write('größe ' + n + ' 😀\\n');
      process.stderr.write('\\nValueError: the reason at the very end\\n'); process.exitCode = 1;`,
    );
    const run = await startDraft(ved.editor, chatty);
    const live = await all(ved.viewer.events(`/api/runs/${run}/events`));
    const { body: kept } = await ved.viewer.get(`/api/runs/${run}`);
    expect(kept).to.include({ status: 'failed', truncated: true });
    for (const stream of ['stdout', 'stderr']) {
      const said = live.filter(({ event, data }) => event === 'output' && data.stream === stream).map(({ data }) => data.text);
      expect(said.join('')).to.equal(kept[stream]);
    }
    expect(kept.stderr).to.match(/\nValueError: the reason at the very end\n$/);
    const whole = Array.from({ length: 100_000 }, (_, n) => `größe ${n} 😀\n`).join('');
    const [head, missing, end] = kept.stdout.split(/\n?\[ved: (\d+) bytes omitted here\]\n/);
    expect(whole.startsWith(head) && whole.endsWith(end)).to.equal(true);
    expect(Buffer.byteLength(head + end) + Number(missing)).to.equal(Buffer.byteLength(whole));
    expect([head, end].map((part) => Math.ceil(Buffer.byteLength(part) / 1024))).to.deep.equal([512, 512]);
  });

  it('is not blocked by a follower that does not read', async () => {
    const flood = await addScript(
      ved.editor,
      "const line = 'x'.repeat(1023) + '\\n'; for (let n = 0; n < 3000; n += 1) process.stdout.write(line)",
    );
    const run = await startDraft(ved.editor, flood);
    const asleep = ved.viewer.events(`/api/runs/${run}/events`);
    await asleep.next();
    await untilDone(ved.viewer, run);
    const kept = (await ved.viewer.get(`/api/runs/${run}`)).body;
    expect(kept).to.include({ status: 'succeeded', truncated: true });
    expect(kept.stdout.replace(/\[ved:.*\n/, '')).to.have.length(1024 * 1024);
    let late = '';
    for await (const { event, data } of asleep) if (event === 'output') late += data.text;
    expect(late).to.equal(kept.stdout);
  });

  it('leaves the server responsive while runs use the processors', async () => {
    const burn = await addScript(ved.editor, "console.log('up'); for (;;);");
    const runs: number[] = [];
    for (let count = 0; count < 3; count += 1) runs.push(await startDraft(ved.editor, burn));
    for (const run of runs) await untilWritten(ved.viewer, run, 'up');
    expect((await ved.server.agent().get('/api/health')).status).to.equal(200);
    for (const run of runs) expect((await ved.editor.post(`/api/runs/${run}/cancel`)).body.status).to.equal('cancelled');
  });
});

describe('the output of a run after a restart of the server', () => {
  exhaustive.it('resumes where the follower was, and ends with the reason', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ved-restart-'));
    try {
      const first = await startRunnerServer({}, dataDir);
      const script = await addScript(first.editor, "console.log('up'); setInterval(() => {}, 1000)");
      const run = await startDraft(first.editor, script);
      await untilWritten(first.viewer, run, 'up');
      const seen = await all(first.viewer.events(`/api/runs/${run}/events`), 3);
      await first.server.stop();
      const second = await startRunnerServer({}, dataDir);
      try {
        const rest = await all(second.viewer.events(`/api/runs/${run}/events`, { lastEventId: seen.at(-1)!.id! }));
        expect(rest.map(({ id, event }) => [id, event])).to.deep.equal([['4', 'done']]);
        expect(rest[0]?.data).to.include({ status: 'cancelled', reason: 'The server stopped.' });
      } finally {
        await second.server.stop();
      }
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
