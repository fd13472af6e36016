/** A server's engine in its own process, to be killed: `endless-run.ts ENGINE OWNER_OR_CACHE_DIR`. Prints a line when the run has started. */
import { newDockerEngine, newPyodideEngine } from './engines.ts';
import { jobOf } from './run-script.ts';

const [name, place] = process.argv.slice(2);
const engine = name === 'docker' ? newDockerEngine({ owner: place!, poolSize: 2 }) : newPyodideEngine({ cacheDir: place! });
engine.warmUp?.();
const job = jobOf('print("begun", flush=True)\nwhile True: pass', { limits: { timeoutMs: 120_000 } });
for await (const event of engine.run(job)) if (event.type === 'output') console.log('begun');
