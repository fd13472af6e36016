/** Measures the requested rows, prints them as a table, and stores them in `docs/bench/latest.json`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import type { Measurement, Row } from './row.ts';
import { rows } from './rows.ts';

const file = resolve(import.meta.dirname, '../../docs/bench/latest.json');

interface Kept extends Measurement {
  what: string;
  baseline_is: string;
  reach: string;
  reached: boolean;
  /** The machine's load when the row was started; far above the number of cores, milliseconds mean little. */
  load: number;
}

function bound(reach: Row['reach']): string {
  return 'atMost' in reach ? `≤ ${reach.atMost}` : `≥ ${reach.atLeast}`;
}

function reached(value: number, reach: Row['reach']): boolean {
  return 'atMost' in reach ? value <= reach.atMost : value >= reach.atLeast;
}

const rounded = (value: number) => Number(value.toPrecision(3));

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !rows.some((row) => row.id === id));
if (unknown.length > 0) {
  console.error(`no such row: ${unknown.join(', ')}; there are: ${rows.map((row) => row.id).join(', ')}`);
  process.exit(1);
}

let kept: Record<string, Kept> = {};
try {
  kept = JSON.parse(readFileSync(file, 'utf8')).rows;
} catch {
  // the first run on this machine replaces all rows
}
let missed = 0;
for (const row of rows.filter((each) => asked.length === 0 || asked.includes(each.id))) {
  const why = await row.skip?.();
  if (why) {
    console.log(`${row.id.padEnd(12)} not measured: ${why}`);
    continue;
  }
  const load = loadavg()[0]!;
  const one = await row.measure();
  const ok = reached(one.value, row.reach);
  if (!ok) missed++;
  kept[row.id] = {
    what: row.what,
    baseline_is: row.baseline,
    reach: bound(row.reach),
    reached: ok,
    load: rounded(load),
    ved: rounded(one.ved),
    baseline: rounded(one.baseline),
    unit: one.unit,
    value: rounded(one.value),
    ...(one.more ? { more: Object.fromEntries(Object.entries(one.more).map(([name, value]) => [name, rounded(value)])) } : {}),
  };
  console.log(
    `${ok ? '✔' : '✘'} ${row.id.padEnd(12)} ${String(rounded(one.value)).padStart(7)}  (${bound(row.reach)})   ved ${rounded(one.ved)} ${one.unit}, baseline ${rounded(one.baseline)} ${one.unit}   ${row.what}`,
  );
}
mkdirSync(resolve(file, '..'), { recursive: true });
writeFileSync(file, `${JSON.stringify({ machine: { cores: cpus().length, node: process.version }, rows: kept }, null, 2)}\n`);
process.exit(missed === 0 ? 0 : 1);
