/** The first sign-in on your own machine, and changing the password. */

import { expect } from 'chai';
import { newPage } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { journey } from '../support/journey.ts';

describe('a person with a published password', () => {
  const at = journey();

  it('sees it on the sign-in page, and changes it in the menu under their name without signing in again', async () => {
    const { page } = await at.open('mo1');
    const elsewhere = await at.server.signIn('mo1', '2viewer');
    await page.locator('.ved-User-button').click();
    await page.getByRole('menuitem', { name: 'Change Password…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change password' });
    const fill = async (current: string, chosen: string, repeated = chosen) => {
      await dialog.getByLabel('Current password').fill(current);
      await dialog.getByLabel('New password (').fill(chosen);
      await dialog.getByLabel('New password again').fill(repeated);
      await dialog.getByRole('button', { name: 'Change password' }).click();
    };
    const problem = (text: string) => dialog.getByRole('alert').filter({ hasText: text }).waitFor();

    await fill('2viewer', 'short');
    await problem('Choose a password of at least 8 characters.');
    await fill('2viewer', 'long enough', 'long enogh');
    await problem('The new passwords do not match.');
    await fill('wrong', 'long enough');
    await problem('The current password is wrong. Nothing was changed.');
    await fill('2viewer', 'long enough');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Your password was changed.').first().waitFor();

    expect((await elsewhere.get('/api/auth/me')).status).to.equal(401);
    expect(await page.evaluate(() => fetch('/api/auth/me').then(({ status }) => status))).to.equal(200);
    expect(await page.getByRole('dialog', { name: 'Sign in again' }).count()).to.equal(0);
  });

  exhaustive.it('signs in with what the sign-in page shows, which is only unchanged passwords', async () => {
    const { page } = await at.open('ed1');
    const { page: fresh } = await newPage(page.context().browser()!);
    await fresh.goto(`${at.server.url}/login`);
    const shown = fresh.locator('.ved-SignIn-user');
    await shown.first().waitFor();
    expect(await shown.allTextContents()).to.deep.equal(['ed1 / 1editor']);
    await shown.first().click();
    await fresh.keyboard.press('Enter');
    await fresh.locator('.ved-User-button').waitFor();
    await fresh.context().close();
  });
});
