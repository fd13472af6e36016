/** Lists the first users on the sign-in page, as long as they have the published passwords and this is the server's own machine. */
import { sessionRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { element } from './element.ts';

const RIGHTS = { editor: 'reads and writes', viewer: 'reads' } as const;

/** A note that fills itself, or stays hidden. `onChosen` is called with the user that is clicked. */
export function firstUsersNote(onChosen: (username: string, password: string) => void): HTMLElement {
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
