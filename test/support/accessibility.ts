/** Runs axe on a page in its current state. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * The serious and critical violations, each with its location; empty when there
 * are none. Checks the part of the page that the selector names, or all of it.
 */
export async function seriousViolations(page: Page, within?: string): Promise<string[]> {
  // Passed rules are not reported: describing all their nodes takes longer than checking.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // Only results of several frames must be combined in an extra page, which costs a second.
  axe.setLegacyMode(page.frames().length === 1);
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`));
}
