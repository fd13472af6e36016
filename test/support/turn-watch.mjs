/**
 * Preloaded into a server: writes each turn of its event loop that took a while
 * to the file that `VED_TURNS` names, a line with milliseconds each. A turn is
 * measured by the processor time of its thread, so that a machine that is busy
 * otherwise does not count (Linux, proc(5): schedstat, in nanoseconds).
 * SIGUSR2 collects garbage, and writes so, in a turn that is not measured.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

// For this process alone: its children have loops of their own.
delete process.env.NODE_OPTIONS;
const file = process.env.VED_TURNS;
const WORTH_WRITING_MS = 5;
const usedMs = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;

// Threads are preloaded too, and have loops of their own.
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
