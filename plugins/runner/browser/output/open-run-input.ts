/** Opens the code or the test data of a run, read-only. */
import { createClient } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import { runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export type RunInput = 'code' | 'input';

export async function openRunInput(editors: Pick<Editors, 'openText'>, runId: number, what: RunInput): Promise<void> {
  const { content, test_data } = await client.getRunCode({ params: { id: runId } });
  const text =
    what === 'code'
      ? { title: `run ${runId}: code`, text: content, isPython: true }
      : { title: `run ${runId}: test data`, text: test_data, isPython: false };
  editors.openText(`run-${runId}-${what}`, text);
}
