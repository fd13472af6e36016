/**
 * The theme last used in this browser, for the sign-in page and the first frame,
 * which are drawn before the server has answered. Only a hint; the setting itself
 * is on the server.
 */
const key = 'ved:theme';

/** Null for the system's theme. */
export function rememberTheme(theme: 'light' | 'dark' | null): void {
  if (theme) localStorage.setItem(key, theme);
  else localStorage.removeItem(key);
  applyThemeHint();
}

/** Sets the attribute that the page's first style sheet uses. */
export function applyThemeHint(): void {
  const theme = localStorage.getItem(key);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
