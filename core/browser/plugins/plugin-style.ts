/**
 * Adds the style sheet of a third-party plugin to the page, in a cascade layer, so
 * that the workspace's own rules take precedence whatever the selectors. Removes
 * `!important`, which would reverse that.
 */

/** Throws when the style sheet cannot be fetched. */
export async function adoptStyle(address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`its style sheet could not be fetched: the server answered ${answer.status}`);
  const base = new URL(address, window.location.href);
  // Parse it separately first, so that an extra brace cannot end the layer. The parsed rules also have a uniform syntax.
  const written = new CSSStyleSheet();
  written.replaceSync(await answer.text());
  const rules = [...written.cssRules].map(({ cssText }) =>
    cssText.replace(/ !important(?=;)/g, '').replace(/url\("(?!#)([^"\\]*)"\)/g, (_, url: string) => `url("${new URL(url, base).href}")`),
  );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer ved-plugins {\n${rules.join('\n')}\n}`);
  document.adoptedStyleSheets.push(sheet);
}
