/** Whether the editors of a person check types: a setting of theirs. */
import type { Agent } from './agent.ts';

/**
 * Pyright begins anew with each page, at three seconds of a processor: what is about something else goes without. In force from
 * the person's next page.
 */
export async function setTypeChecks(agent: Agent, checkTypes: boolean): Promise<void> {
  const path = `/api/workspace/settings/${encodeURIComponent('@ved/editor:settings')}`;
  const { status, body } = await agent.put(path, { raw: JSON.stringify({ checkTypes }) });
  if (status !== 200) throw new Error(`the setting was refused: ${JSON.stringify(body)}`);
}
