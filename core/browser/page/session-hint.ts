/**
 * Who signed in last in this browser. Only a hint, to load the workspace before
 * the server has answered, and to notice that another tab signed in as somebody
 * else; the session itself is a cookie that scripts cannot read.
 */
const key = 'ved:signed-in';

export function rememberSignedIn(username: string): void {
  if (localStorage.getItem(key) !== username) localStorage.setItem(key, username);
}

export function forgetSignedIn(): void {
  localStorage.removeItem(key);
}

/** The name, or null when probably nobody is signed in. */
export function signedInHint(): string | null {
  return localStorage.getItem(key);
}

/** Calls back with the name when another tab of this browser signs in, or null when it signs out. */
export function onSignedInElsewhere(listener: (username: string | null) => void): void {
  window.addEventListener('storage', (event) => {
    if (event.key === key) listener(event.newValue);
  });
}
