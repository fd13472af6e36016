/** What journeys do in an editor, through its hooks in the page. */
import type { Locator, Page } from 'playwright-core';

/** The tab of a script, with its toolbar, notices and text. */
export function scriptTab(page: Page, scriptId: number): Locator {
  return page.locator(`[data-ved-editor][data-ved-script-id="${scriptId}"]`);
}

/** The rendered lines of a script. */
export function lines(page: Page, scriptId: number): Locator {
  return scriptTab(page, scriptId).locator('.view-line');
}

/** Waits until the text is rendered; the language service may still be loading. */
export async function textShown(page: Page, scriptId: number): Promise<void> {
  await lines(page, scriptId).first().waitFor();
}

/** Waits until keys go to the text of a script. */
export async function editorFocused(page: Page, scriptId: number): Promise<void> {
  await scriptTab(page, scriptId).locator('.monaco-editor.focused').waitFor();
}

/** Puts the cursor at the end of the text and types. */
export async function typeAtEnd(page: Page, scriptId: number, text: string): Promise<void> {
  await lines(page, scriptId).first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

/** Replaces the whole text as a person would, without completion. */
export async function replaceText(page: Page, scriptId: number, text: string): Promise<void> {
  await lines(page, scriptId).first().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** Waits for the badge to show this version, such as `v0.2`. */
export async function versionShown(page: Page, scriptId: number, version: string): Promise<void> {
  await scriptTab(page, scriptId).locator(`[data-ved-version="${version}"]`).waitFor();
}

/** A word of the text in a line that contains it; both are parts of what is rendered. */
export function word(page: Page, scriptId: number, line: string, text: string): Locator {
  return lines(page, scriptId).filter({ hasText: line }).locator('span > span').filter({ hasText: text }).first();
}
