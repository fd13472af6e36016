/** Records how long each script took, and lists those that ran slower than usual. */
import { runChanged } from '@ved/runner/contract';
import { slowRoutes } from './browser/routes.js';

/** How many runs of a script to keep, and how many earlier runs are needed to compare with. */
const KEPT = 20;
const ENOUGH = 3;

export default {
  id: 'slow',
  migrations: [
    {
      name: '001-runs',
      up: (db) =>
        db.schema.createTable('slow_runs', (table) => {
          table.integer('run_id').primary();
          table.integer('script_id').notNullable().index();
          table.float('duration_ms').notNullable();
        }),
      down: (db) => db.schema.dropTable('slow_runs'),
    },
  ],
  async start({ db, events, log, router }) {
    /** Writes follow one another, and requests wait for them: a page asks as soon as it hears of a run. */
    let written = Promise.resolve();
    const unsubscribe = events.subscribe(({ type, data }) => {
      if (type !== runChanged.type || data.run.status !== 'succeeded' || data.run.duration_ms === null) return;
      written = written.then(() => keep(db, data.run)).catch((error) => log.warn({ err: error }, 'a duration could not be kept'));
    });
    router.implement(slowRoutes, { listSlow: () => written.then(() => listSlow(db)) });
    return {
      stop: async () => {
        unsubscribe();
        await written;
      },
    };
  },
};

async function keep(db, { id, script_id, duration_ms }) {
  await db('slow_runs').insert({ run_id: id, script_id, duration_ms }).onConflict('run_id').ignore();
  const old = db('slow_runs').where({ script_id }).orderBy('run_id', 'desc').offset(KEPT).limit(1000).select('run_id');
  await db('slow_runs').whereIn('run_id', old).delete();
}

async function listSlow(db) {
  const rows = await db('slow_runs').orderBy('run_id').select('script_id', 'duration_ms');
  const durations = new Map();
  for (const { script_id, duration_ms } of rows) durations.set(script_id, [...(durations.get(script_id) ?? []), duration_ms]);
  const slow = [];
  for (const [script_id, all] of durations) {
    const last_ms = all.at(-1);
    const usual_ms = median(all.slice(0, -1));
    if (all.length > ENOUGH && last_ms > 2 * usual_ms) slow.push({ script_id, last_ms, usual_ms });
  }
  return slow;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
