/** The sign-in page. */
import type { Session } from '@ved/core/contract';
import { element } from './element.ts';
import { firstUsersNote } from './first-users.ts';
import { createSignInForm } from './sign-in-form.ts';

/** Shows the page in `host`; resolves once somebody has signed in. */
export function askToSignIn(host: HTMLElement): Promise<Session> {
  return new Promise((resolve) => {
    const form = createSignInForm({ onSignedIn: resolve });
    document.title = 'Sign in · ved';
    host.replaceChildren(
      element(
        'main',
        { className: 'ved-SignIn' },
        element('h1', { className: 'ved-SignIn-name' }, 'ved'),
        element('p', { className: 'ved-SignIn-about' }, 'View, edit and run an ordered queue of Python scripts.'),
        form.node,
        firstUsersNote((username, password) => form.fill(username, password)),
      ),
    );
    form.focus();
  });
}
