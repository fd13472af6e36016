/**
 * Takes in the style sheet that the manifest of a plugin by others names. It is
 * put into a cascade layer, over which the workspace's own rules win whatever
 * the selectors; `!important`, which would turn that round, is left out.
 */

/** Throws when the sheet cannot be had. */
export async function adoptStyle(address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`its style sheet could not be fetched: the server answered ${answer.status}`);
  const base = new URL(address, window.location.href);
  // By itself first: a brace too many must not end the layer. What it says of a rule is in one form, whatever its author wrote.
  const written = new CSSStyleSheet();
  written.replaceSync(await answer.text());
  const rules = [...written.cssRules].map(({ cssText }) =>
    cssText.replace(/ !important(?=;)/g, '').replace(/url\("(?!#)([^"\\]*)"\)/g, (_, url: string) => `url("${new URL(url, base).href}")`),
  );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer ved-plugins {\n${rules.join('\n')}\n}`);
  document.adoptedStyleSheets.push(sheet);
}
