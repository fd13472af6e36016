/** Runs a script on an engine to its end, and collects the results. */
import type { Engine, Exit, Job, LeftOutArtefact, Limits, Ran } from '../../../contract/engine.ts';

export const MIB = 2 ** 20;

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  readonly lane?: string;
  readonly interpreter?: string;
  readonly packages?: readonly string[];
  /** Called with every piece of output; a returned promise blocks the script until it resolves. */
  readonly onOutput?: (text: string) => void | Promise<void>;
}

export interface Result extends Exit {
  readonly events: readonly string[];
  /** What ran it, if the engine reports that. */
  readonly ran: Ran | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The returned files of `/tmp/out`, by name. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The number of files left out, by reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOutArtefact['reason'], number>>>;
  /** Both streams in order of arrival. */
  readonly both: string;
  /** From the request of the run to its exit. */
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
    ...(options.interpreter === undefined ? {} : { interpreter: options.interpreter }),
    packages: options.packages ?? [],
  };
}

export async function runScript(engine: Engine, script: string | Uint8Array, options: RunOptions = {}): Promise<Result> {
  const begun = performance.now();
  const events: string[] = [];
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const both: Uint8Array[] = [];
  const files = new Map<string, Buffer>();
  const leftOut: Partial<Record<LeftOutArtefact['reason'], number>> = {};
  let exit: Exit | null = null;
  let ran: Ran | undefined;
  for await (const event of engine.run(jobOf(script, options))) {
    if (events.at(-1) !== event.type) events.push(event.type);
    if (event.type === 'started') ran = event.ran;
    if (exit) throw new Error('something came after the exit');
    if (event.type === 'exit') exit = event;
    if (event.type === 'file') files.set(event.name, Buffer.from(event.data));
    if (event.type === 'left-out') leftOut[event.reason] = event.count;
    if (event.type !== 'output') continue;
    chunks[event.stream].push(event.data);
    both.push(event.data);
    await options.onOutput?.(Buffer.from(event.data).toString());
  }
  if (!exit) throw new Error('the run has no exit');
  const { stdout, stderr } = { stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
  const elapsedMs = performance.now() - begun;
  return { ...exit, events, ran, stdout, stderr, files, leftOut, both: Buffer.concat(both).toString(), elapsedMs };
}
