/**
 * An engine that runs JavaScript with this machine's Node, provided by a plugin
 * through the token, as any plugin can. It needs no installation and starts a run
 * in about 40 ms, so that tests of the queue are about the queue.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerPlugin } from '@ved/core/server';
import {
  type Artefact,
  type Capabilities,
  type Engine,
  EngineRegistry,
  type Exit,
  type Job,
  type Output,
  type Started,
} from '@ved/runner/contract';

/** Ends a child with the server, even after `kill -9`, because its standard input is closed then. */
const LIFELINE = `data:text/javascript,process.stdin.on('close',()=>process.exit(9)).resume();process.stdin.unref()`;

/** Lets a test control the engine. */
export interface NodeEngineControls {
  /** Why it is not available; null if it is. */
  missing: string | null;
  /** Makes the next run fail as if the engine had died. */
  dies: boolean;
  /** What the next runs return as the files of `/tmp/out`, within the limits or not. */
  leaves?: readonly Artefact[];
  /** Probes answered so far. */
  probes: number;
}

/** A plugin that registers the engine `node`; chosen with `VED_RUNNER=plugin:node`. */
export function nodeEnginePlugin(controls: NodeEngineControls = { missing: null, dies: false, probes: 0 }): ServerPlugin {
  return {
    id: 'nodeengine',
    required: false,
    requires: [EngineRegistry],
    start: async ({ services, dataDir }) => {
      services.get(EngineRegistry).register(new NodeEngine(controls, dataDir));
      return { stop: async () => undefined };
    },
  };
}

export class NodeEngine implements Engine {
  readonly id = 'node';
  /** `folder` contains the running scripts; below the server's folder, it is removed with that. */
  constructor(
    private readonly controls: NodeEngineControls,
    private readonly folder = tmpdir(),
  ) {}

  async probe(): Promise<Capabilities> {
    this.controls.probes += 1;
    const { missing } = this.controls;
    const said = { interpreter: `node-${process.versions.node}`, isolation: 'None.', limitations: ['No Python.'], imageDigest: null };
    return { ...said, available: missing === null, reason: missing };
  }

  async reap(): Promise<void> {}
  async close(): Promise<void> {}

  async *run(job: Job): AsyncGenerator<Started | Output | Artefact | Exit, void, undefined> {
    if (this.controls.dies) throw new Error('the connection to the engine was lost');
    const folder = await mkdtemp(join(this.folder, 'ved-node-engine-'));
    const began = performance.now();
    const [script, input] = [join(folder, 'script.mjs'), join(folder, 'input')];
    await writeFile(script, job.script);
    await writeFile(input, job.input);
    const child = spawn(process.execPath, ['--import', LIFELINE, script, input]);
    const ending = watchLimits(child, job);
    try {
      yield { type: 'started' };
      let bytes = 0;
      for await (const output of merged(child)) {
        bytes += output.data.byteLength;
        if (bytes > job.limits.outputBytes) ending.end('output_limit');
        else yield output;
      }
      const exitCode = await ending.exited;
      yield* this.controls.leaves ?? [];
      const status = ending.status ?? (exitCode === 0 ? 'succeeded' : 'failed');
      yield { type: 'exit', status, exitCode, reason: null, durationMs: performance.now() - began, peakMemoryBytes: null };
    } finally {
      ending.release();
      await ending.exited;
      await rm(folder, { recursive: true });
    }
  }
}

/** Kills a child at its time limit or when it is cancelled. */
function watchLimits(child: ChildProcess, job: Job) {
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const watch = {
    exited,
    status: null as Exit['status'] | null,
    end(status: Exit['status']): void {
      watch.status ??= status;
      child.kill('SIGKILL');
    },
    release(): void {
      clearTimeout(timer);
      job.signal.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      // Unread output would keep the streams open.
      child.stdout!.destroy();
      child.stderr!.destroy();
    },
  };
  const cancel = () => watch.end('cancelled');
  const timer = setTimeout(() => watch.end('timeout'), job.limits.timeoutMs);
  if (job.signal.aborted) cancel();
  job.signal.addEventListener('abort', cancel, { once: true });
  return watch;
}

/** The pieces of both streams as they arrive; the next is read once the last was taken. */
async function* merged(child: ChildProcess): AsyncGenerator<Output> {
  const sources = (['stdout', 'stderr'] as const).map((stream) => ({ stream, pieces: child[stream]![Symbol.asyncIterator]() }));
  type Source = (typeof sources)[number];
  const next = (source: Source) => source.pieces.next().then((result) => ({ source, result }));
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done) {
      waiting.delete(source);
      continue;
    }
    waiting.set(source, next(source));
    yield { type: 'output', stream: source.stream, data: result.value };
  }
}
