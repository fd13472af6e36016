/** The child processes that check programs: turns, recovery from being killed, and when they end. */

import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { InterpreterPool } from '../../server/python/interpreter-pool.ts';
import { type CatalogServer, create, ok, startCatalog } from '../support/catalog-server.ts';

/** Process ids of the running interpreters that this process started. */
function children(): number[] {
  const all = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n');
  return all
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line)!)
    .filter(([, , parent, state, args]) => Number(parent) === process.pid && !state!.startsWith('Z') && args!.includes('analysis-child'))
    .map(([, pid]) => Number(pid));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** A process that a test has stopped keeps its request for as long as others are served. */
const LIMITS = { waitMs: 60_000, answerMs: 60_000 };

describe('the interpreters that check programs', () => {
  it('are shared in turns when all are busy, however much one person has asked before', async () => {
    const before = children();
    const pool = new InterpreterPool();
    const ended: string[] = [];
    const people = ['ann', 'bob', 'cleo', 'dan'];
    const ask = (person: string) => pool.ask(person, { kind: 'analyse', content: 'pass\n' }, LIMITS).then(() => void ended.push(person));
    try {
      await Promise.all(people.map(ask));
      const pids = children().filter((pid) => !before.includes(pid));
      expect(pids).to.have.length(people.length);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      ended.length = 0;
      const asked = [...people, ...people, ...people].map(ask);
      const eve = ask('eve');
      // One continues, and answers one request after another.
      process.kill(pids[0]!, 'SIGCONT');
      await eve;
      expect(new Set(ended), `nobody twice before eve: ${ended}`).to.have.property('size', ended.length);
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await Promise.all(asked);
    } finally {
      await pool.stop();
    }
  });

  exhaustive.it('end after a while without requests, all but the first sooner', async () => {
    const before = children().length;
    const pool = new InterpreterPool({ first: 600_000, spare: 1 });
    const ask = (person: string) => pool.ask(person, { kind: 'analyse', content: 'pass\n' }, LIMITS);
    const other = new InterpreterPool({ first: 1, spare: 1 });
    try {
      await Promise.all([ask('ann'), ask('bob')]);
      await until(() => children().length === before + 1);
      await other.ask('ann', { kind: 'analyse', content: 'pass\n' }, LIMITS);
      await until(() => children().length === before + 1);
      expect((await ask('ann')).value).to.deep.equal([]);
    } finally {
      await Promise.all([pool.stop(), other.stop()]);
    }
    expect(children()).to.have.length(before);
  });

  it('are restarted for somebody who is waiting, even when two are killed while starting', async () => {
    const before = children();
    const pool = new InterpreterPool();
    const killed: number[] = [];
    const started = () => children().filter((pid) => !before.includes(pid) && !killed.includes(pid));
    try {
      const asked = pool.ask('ann', { kind: 'analyse', content: 'pass\n' }, LIMITS);
      while (killed.length < 2) {
        await until(() => started().length === 1);
        killed.push(...started());
        process.kill(killed.at(-1)!, 'SIGKILL');
      }
      expect((await asked).value).to.deep.equal([]);
    } finally {
      await pool.stop();
    }
  });
});

describe('an interpreter that is killed', () => {
  let catalog: CatalogServer;
  let id: number;
  let base: number;
  before(async () => {
    catalog = await startCatalog();
    const script = await create(catalog.ed, { content: 'a = 1\n' });
    [id, base] = [script.id, script.version.id];
  });
  after(() => catalog.stop());

  const save = async (content: string) => {
    const saved = await ok(catalog.ed.put(`/api/scripts/${id}`, { content, base_version_id: base }));
    base = saved.version.id;
    return saved;
  };
  const MESSAGE = "'(' was never closed";

  it('while idle is replaced, and the next save is checked', async () => {
    const killed = children();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    expect((await save('x = (\n')).diagnostics).to.deep.equal([{ line: 1, column: 5, message: MESSAGE }]);
    expect(children().filter((pid) => killed.includes(pid))).to.deep.equal([]);
  });

  it('while checking a save is replaced, and the save is checked', async () => {
    await save('b = 1\n');
    const [only, ...others] = children();
    for (const pid of others) process.kill(pid, 'SIGKILL');
    await until(() => children().length === 1);
    process.kill(only!, 'SIGSTOP');
    const saving = save('y = (\n');
    // A spare is started once the first does not answer, so the first has received the request.
    await until(() => children().length > 1);
    process.kill(only!, 'SIGKILL');
    expect((await saving).diagnostics).to.deep.equal([{ line: 1, column: 5, message: MESSAGE }]);
  });
});
