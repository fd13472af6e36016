/** The sign-in page. */

import type { Session } from '@ved/core/contract';
import { sessionRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { element } from './element.ts';
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

const RIGHTS = { editor: 'reads and writes', viewer: 'reads' } as const;

/** A note that fills itself, or stays hidden. `onChosen` is called with the user that is clicked. */
function firstUsersNote(onChosen: (username: string, password: string) => void): HTMLElement {
  const note = element('div', { className: 'ved-SignIn-first', hidden: true });
  const fill = async () => {
    const users = await createClient(sessionRoutes).firstUsers();
    if (users.length === 0) return;
    const rows = users.map(({ username, password, role }) => {
      const button = element('button', { type: 'button', className: 'ved-SignIn-user' }, `${username} / ${password}`);
      button.addEventListener('click', () => onChosen(username, password));
      return element('li', {}, button, ` ${RIGHTS[role]}`);
    });
    note.append(
      element('p', {}, 'To try ved on this machine, sign in as:'),
      element('ul', {}, ...rows),
      element(
        'p',
        {},
        'These passwords do not work from other machines until you change them: sign in, then open the menu under your name.',
      ),
    );
    note.hidden = false;
  };
  // Signing in works without the note, and reports an unreachable server itself.
  fill().catch(() => undefined);
  return note;
}
