/** The setting that says whether a person's editors check types. */
import type { Agent } from './agent.ts';

/**
 * Pyright starts with each page and needs three seconds of CPU time, so tests about other things turn it off. Takes effect with
 * the person's next page.
 */
export async function setTypeChecks(agent: Agent, checkTypes: boolean): Promise<void> {
  const path = `/api/workspace/settings/${encodeURIComponent('@ved/editor:settings')}`;
  const { status, body } = await agent.put(path, { raw: JSON.stringify({ checkTypes }) });
  if (status !== 200) throw new Error(`the setting was refused: ${JSON.stringify(body)}`);
}
