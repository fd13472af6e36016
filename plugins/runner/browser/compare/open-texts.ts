/** Opens texts of two compared runs side by side: code, test data or output. */
import { createClient } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import { type RunComparison, runnerRoutes } from '@ved/runner/contract';
import { shownText } from '../log/log-lines.ts';
import type { Side } from './comparison-rows.ts';

const client = createClient(runnerRoutes);

const TITLES: Record<Side, string> = { code: 'code', input: 'test data', stdout: 'stdout', stderr: 'stderr' };

export async function openTexts(editors: Pick<Editors, 'openDiff'>, comparison: RunComparison, side: Side): Promise<void> {
  const [left, right] = await textsOf(comparison, side);
  const { a, b } = comparison;
  editors.openDiff(
    `runs-${a.id}-${b.id}-${side}`,
    { title: `run ${a.id}: ${TITLES[side]}`, text: left },
    { title: `run ${b.id}: ${TITLES[side]}`, text: right },
  );
}

async function textsOf({ a, b, code }: RunComparison, side: Side): Promise<[string, string]> {
  if (side === 'code') return [code.a, code.b];
  if (side !== 'input') return [shownText(a[side]), shownText(b[side])];
  const [given, other] = await Promise.all([a, b].map(({ id }) => client.getRunCode({ params: { id } })));
  return [given!.test_data, other!.test_data];
}
