/** Runs a script on an engine to its end and gathers what it did. */
import type { Engine, Exit, Job, Limits } from '../../../contract/engine.ts';

export const MIB = 2 ** 20;

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  readonly lane?: string;
  /** Told of every piece of output; a promise holds the script back. */
  readonly onOutput?: (text: string) => void | Promise<void>;
}

export interface Result extends Exit {
  readonly events: readonly string[];
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Both streams in the order in which they came. */
  readonly both: string;
  /** From asking for the run to its exit. */
  readonly elapsedMs: number;
}

let lastRunId = 0;

export function jobOf(script: string | Uint8Array, options: RunOptions = {}): Job {
  lastRunId += 1;
  return {
    runId: lastRunId,
    script: Buffer.from(script),
    input: Buffer.from(options.input ?? ''),
    limits: { timeoutMs: 20_000, memoryBytes: 256 * MIB, cpus: 1, outputBytes: 64 * MIB, ...options.limits },
    signal: options.signal ?? new AbortController().signal,
    lane: options.lane ?? 'test',
  };
}

export async function runScript(engine: Engine, script: string | Uint8Array, options: RunOptions = {}): Promise<Result> {
  const begun = performance.now();
  const events: string[] = [];
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const both: Uint8Array[] = [];
  let exit: Exit | null = null;
  for await (const event of engine.run(jobOf(script, options))) {
    if (events.at(-1) !== event.type) events.push(event.type);
    if (exit) throw new Error('something came after the exit');
    if (event.type === 'exit') exit = event;
    if (event.type !== 'output') continue;
    chunks[event.stream].push(event.data);
    both.push(event.data);
    await options.onOutput?.(Buffer.from(event.data).toString());
  }
  if (!exit) throw new Error('the run has no exit');
  const { stdout, stderr } = { stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
  return { ...exit, events, stdout, stderr, both: Buffer.concat(both).toString(), elapsedMs: performance.now() - begun };
}
