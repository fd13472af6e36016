/** What axe finds in a page as it stands. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * The serious and critical violations, each with its place; empty when there are
 * none. Looks at the part of the page that the selector names, or all of it.
 */
export async function seriousViolations(page: Page, within?: string): Promise<string[]> {
  // What passed is not asked for: telling of every node of it takes longer than all the rules.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // Only what is gathered from several frames has to be put together in a page more, which costs a second.
  axe.setLegacyMode(page.frames().length === 1);
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`));
}
