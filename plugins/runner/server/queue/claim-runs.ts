/** Picks the runs that start next and marks them, inside one transaction. */
import type { Knex } from 'knex';
import type { RunRow } from '../store/rows.ts';
import type { ChangeSet } from './change-set.ts';
import { nextPerson, type WaitingPerson } from './fair-order.ts';
import { OpenPass } from './open-pass.ts';
import type { EngineRecord } from './run-queue.ts';

/** Up to `count` runs, now marked running. */
export async function claimRuns(trx: Knex, changed: ChangeSet, count: number, engine: EngineRecord, at: string): Promise<RunRow[]> {
  let people = await waitingPeople(trx);
  let order = await lastStart(trx, {});
  const claimed: RunRow[] = [];
  while (claimed.length < count && people.length > 0) {
    const person = nextPerson(people);
    const run = await nextRun(trx, person.name);
    if (run === undefined) {
      people = people.filter((other) => other !== person);
      continue;
    }
    order += 1;
    people = people.map((other) => (other === person ? { ...person, running: person.running + 1, lastStart: order } : other));
    await markRunning(trx, changed, run, { ...columnsOf(engine), start_order: order, started_at: at });
    claimed.push(run);
  }
  return claimed;
}

/** Single runs before those of the person's own pass: somebody is looking at them. */
function nextRun(trx: Knex, person: string): Promise<RunRow | undefined> {
  return trx('runner_runs')
    .where({ status: 'queued', released: true, started_by: person })
    .orderByRaw('case when pass_id is null then 0 else ordering end, id')
    .first();
}

async function markRunning(trx: Knex, changed: ChangeSet, run: RunRow, columns: Partial<RunRow>): Promise<void> {
  const started = { ...columns, status: 'running' as const };
  const pass = run.pass_id === null ? null : await OpenPass.load(trx, changed, run.pass_id);
  if (pass !== null) {
    await pass.changeRun(run.id, started);
    await pass.save();
    return;
  }
  await trx('runner_runs').where({ id: run.id }).update(started);
  changed.run(run.id);
}

function columnsOf(engine: EngineRecord): Partial<RunRow> {
  return { engine: engine.engine, interpreter: engine.interpreter, isolation: engine.isolation, image_digest: engine.imageDigest };
}

async function waitingPeople(trx: Knex): Promise<WaitingPerson[]> {
  const names: string[] = await trx('runner_runs').where({ status: 'queued', released: true }).distinct().pluck('started_by');
  const people: WaitingPerson[] = [];
  for (const name of names) {
    const [running] = await trx('runner_runs').where({ status: 'running', started_by: name }).count({ count: '*' });
    people.push({ name, running: Number(running?.count), lastStart: await lastStart(trx, { started_by: name }) });
  }
  return people;
}

async function lastStart(trx: Knex, of: Partial<RunRow>): Promise<number> {
  const row = await trx('runner_runs').where(of).max({ order: 'start_order' }).first();
  return Number(row?.order ?? 0);
}
