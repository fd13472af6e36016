/**
 * Which runs start next. People take turns: the one with the fewest running runs, then
 * the longest wait. One person's single runs come before those of a pass, in order.
 */
import { personLimits, serverLimits } from '@ved/core/server';
import type { Knex } from 'knex';
import { readBlobs } from '../store/blobs.ts';
import type { RunRow } from '../store/rows.ts';
import type { ClaimedRun, ClaimOptions, EngineRecord } from './run-queue.ts';
import type { Step } from './step.ts';

export interface WaitingPerson {
  readonly name: string;
  /** This person's running runs. */
  readonly running: number;
  /** A counter over the starts of all runs; 0 for a person without any. */
  readonly lastStart: number;
}

interface Waiting extends WaitingPerson {
  running: number;
  lastStart: number;
  /** The next ones, in order. */
  runs: RunRow[];
}

/** Marks up to `count` queued runs as running. Runs that need packages may have to stay queued; those behind them are then next. */
export async function claimRuns(step: Step, count: number, { engine, packageWaits }: ClaimOptions): Promise<ClaimedRun[]> {
  const people = await waitingPeople(step.trx, count);
  if (people.length === 0) return [];
  let order = await lastStart(step.trx, {});
  const quota = new PackageQuota(packageWaits);
  const claimed: { row: RunRow; order: number }[] = [];
  for (let waiting = people; claimed.length < count && waiting.length > 0; waiting = people.filter(({ runs }) => runs.length > 0)) {
    const person = nextPerson(waiting);
    const [next] = person.runs as [RunRow];
    const heldBack = next.needs_packages ? quota.reserve(person.name) : null;
    if (heldBack !== null) {
      await setHeldBackReason(step, person.name, heldBack);
      const others = await nextRuns(step.trx, person.name, count).where({ needs_packages: false });
      person.runs = others.filter(({ id }) => !claimed.some(({ row }) => row.id === id));
      continue;
    }
    order += 1;
    person.running += 1;
    person.lastStart = order;
    claimed.push({ row: person.runs.shift()!, order });
  }
  await markRunning(step, claimed, engine);
  const rows = claimed.map(({ row }) => row);
  const hashes = rows.flatMap((row) => [row.code_sha256, row.input_sha256]);
  const bytes = await readBlobs(step.trx, hashes);
  return rows.map((row) => toClaimed(row, engine, bytes));
}

/** The person to serve next; the list must not be empty. */
export function nextPerson<P extends WaitingPerson>(waiting: readonly P[]): P {
  return waiting.reduce((best, person) =>
    person.running < best.running || (person.running === best.running && person.lastStart < best.lastStart) ? person : best,
  );
}

/** Limits how many runs wait for packages, so that they do not keep other people's runs from starting. */
class PackageQuota {
  private readonly counts: Map<string, number>;

  constructor(waiting: ReadonlyMap<string, number>) {
    this.counts = new Map(waiting);
  }

  /** Counts one more for a person and returns null, or returns why it must stay queued. */
  reserve(person: string): string | null {
    const own = this.counts.get(person) ?? 0;
    const all = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    if (own >= personLimits.packageWaits.most) return personLimits.packageWaits.refuse().message;
    if (all >= serverLimits.packageWaits.most) return serverLimits.packageWaits.refuse().message;
    this.counts.set(person, own + 1);
    return null;
  }
}

function toClaimed(row: RunRow, { interpreter, imageDigest }: EngineRecord, bytes: ReadonlyMap<string, Buffer>): ClaimedRun {
  return {
    id: row.id,
    scriptId: row.script_id,
    passId: row.pass_id,
    startedBy: row.started_by,
    code: bytes.get(row.code_sha256)!,
    input: bytes.get(row.input_sha256)!,
    limits: JSON.parse(row.limits),
    needsPackages: Boolean(row.needs_packages),
    wantedInterpreter: row.wanted_interpreter,
    ran: { interpreter: row.interpreter || interpreter, imageDigest },
  };
}

async function markRunning(step: Step, claimed: readonly { row: RunRow; order: number }[], engine: EngineRecord): Promise<void> {
  if (claimed.length === 0) return;
  const orders: number[] = [];
  const revisions: (number | null)[] = [];
  for (const { row, order } of claimed) {
    orders.push(row.id, order);
    revisions.push(row.id, row.pass_id === null ? null : (await step.pass(row.pass_id)).nextRevision());
    step.changedRun(row.id);
  }
  const ids = claimed.map(({ row }) => row.id);
  const cases = `case id ${'when ? then cast(? as integer) '.repeat(ids.length)}end`;
  await step
    .trx('runner_runs')
    .whereIn('id', ids)
    .update({
      status: 'running',
      started_at: step.at,
      engine: engine.engine,
      // Keeps the one chosen when it was requested; what actually runs it is recorded when it starts.
      interpreter: step.trx.raw("case interpreter when '' then ? else interpreter end", [engine.interpreter]),
      isolation: engine.isolation,
      reason: null,
      image_digest: engine.imageDigest,
      start_order: step.trx.raw(cases, orders),
      pass_revision: step.trx.raw(cases, revisions as number[]),
    });
}

/** Everyone with startable runs, each with up to `count` of them: single ones first, because someone is watching them. */
async function waitingPeople(trx: Knex, count: number): Promise<Waiting[]> {
  const names: string[] = await trx('runner_runs').where({ status: 'queued', released: true }).distinct().pluck('started_by');
  const people: Waiting[] = [];
  for (const name of names) {
    // Turns only matter between several people.
    const isAlone = names.length === 1;
    people.push({
      name,
      runs: await nextRuns(trx, name, count),
      running: isAlone ? 0 : await runningOf(trx, name),
      lastStart: isAlone ? 0 : await lastStart(trx, { started_by: name }),
    });
  }
  return people;
}

function nextRuns(trx: Knex, name: string, count: number): Knex.QueryBuilder<RunRow, RunRow[]> {
  return trx('runner_runs')
    .where({ status: 'queued', released: true, started_by: name })
    .orderByRaw('case when pass_id is null then 0 else ordering end, id')
    .limit(count);
}

/** Records why a person's runs that need packages stay queued, unless they have a reason already. */
async function setHeldBackReason(step: Step, name: string, reason: string): Promise<void> {
  const held: Pick<RunRow, 'id' | 'pass_id'>[] = await step
    .trx('runner_runs')
    .where({ status: 'queued', released: true, started_by: name, needs_packages: true })
    .whereNull('reason')
    .select('id', 'pass_id');
  for (const { id, pass_id: passId } of held) {
    const revision = passId === null ? {} : { pass_revision: (await step.pass(passId)).nextRevision() };
    await step
      .trx('runner_runs')
      .where({ id })
      .update({ reason, ...revision });
    step.changedRun(id);
  }
}

async function runningOf(trx: Knex, name: string): Promise<number> {
  const [row] = await trx('runner_runs').where({ status: 'running', started_by: name }).count({ count: '*' });
  return Number(row?.count);
}

async function lastStart(trx: Knex, of: Partial<RunRow>): Promise<number> {
  const row = await trx('runner_runs').where(of).max({ order: 'start_order' }).first();
  return Number(row?.order ?? 0);
}
