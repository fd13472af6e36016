/**
 * The theme last seen in this browser, so that sign-in and the first frame
 * already have it: they are drawn before the server is asked. Only a hint;
 * the choice itself is the server's.
 */
const key = 'ved:theme';

/** Null when the person follows the system. */
export function rememberTheme(theme: 'light' | 'dark' | null): void {
  if (theme) localStorage.setItem(key, theme);
  else localStorage.removeItem(key);
  applyThemeHint();
}

/** Puts the hint where the page's first style sheet looks for it. */
export function applyThemeHint(): void {
  const theme = localStorage.getItem(key);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
