/**
 * Preloaded into a server: writes the milliseconds of each long turn of its event
 * loop to the file in `VED_TURNS`, one per line. A turn is measured by the CPU
 * time of its thread, so that other load does not count (Linux, proc(5):
 * schedstat, in nanoseconds). SIGUSR2 collects garbage and reports it, in a turn
 * that is not measured.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

// For this process only: its children have their own loops.
delete process.env.NODE_OPTIONS;
const file = process.env.VED_TURNS;
const WORTH_WRITING_MS = 5;
const usedMs = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;

// Threads are preloaded too, and have their own loops.
if (isMainThread) {
  let before = usedMs();
  setInterval(() => {
    const now = usedMs();
    if (now - before >= WORTH_WRITING_MS) appendFileSync(file, `${now - before}\n`);
    before = usedMs();
  }, 1).unref();

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    before = usedMs();
    appendFileSync(file, 'collected\n');
  });
}
