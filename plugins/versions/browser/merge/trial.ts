/**
 * Runs prod's version and what prod would run after the merge on the script's
 * test data, and waits for both. When aborted, it cancels the runs it started.
 */
import { createClient, openStream } from '@ved/core/browser';
import { type Execution, type RunComparison, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export interface TrialSubject {
  readonly scriptId: number;
  readonly versionId: number;
  /** The merged text of that version and prod; null when prod would run the version unchanged. */
  readonly content: string | null;
  /** Whether prod runs a version to compare with. */
  readonly onProd: boolean;
}

export interface TrialResult {
  /** Null when the script is not on prod yet. */
  readonly prod: Execution | null;
  readonly merged: Execution;
  /** Null when there is nothing to compare with. */
  readonly comparison: RunComparison | null;
}

/** Throws the server's errors and the signal's reason. */
export async function tryBoth({ scriptId, versionId, content, onProd }: TrialSubject, signal: AbortSignal): Promise<TrialResult> {
  const candidate = { source: 'draft' as const, version_id: versionId, content: content ?? undefined };
  const wishes = [...(onProd ? [{ source: 'prod' as const }] : []), candidate];
  const ids = await allOrNone(wishes, (wish, either) => endedRun({ script_id: scriptId, ...wish }, either), signal);
  const merged = ids.at(-1)!;
  if (!onProd) return { prod: null, merged: await client.getRun({ params: { id: merged } }, { signal }), comparison: null };
  const comparison = await client.compareRuns({ query: { a: ids[0]!, b: merged } }, { signal });
  return { prod: comparison.a, merged: comparison.b, comparison };
}

/** Like `Promise.all`; when one fails, the signal of the others fires. */
async function allOrNone<T, R>(items: readonly T[], act: (item: T, signal: AbortSignal) => Promise<R>, signal: AbortSignal): Promise<R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    return await Promise.all(items.map((item) => act(item, either)));
  } finally {
    failed.abort();
  }
}

type RunWish = Parameters<typeof client.createRun>[0]['body'];

/** Starts a run and resolves with its id when it has ended. */
async function endedRun(body: RunWish, signal: AbortSignal): Promise<number> {
  const { run_id: id } = await client.createRun({ body });
  try {
    signal.throwIfAborted();
    for await (const { event } of openStream(runnerRoutes.runEvents, { params: { id } }, { signal })) if (event === 'done') break;
  } catch (error) {
    await client.cancelRun({ params: { id } });
    throw error;
  }
  return id;
}
