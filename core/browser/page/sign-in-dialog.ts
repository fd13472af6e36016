/** Asks for the password again, in a dialog over the workspace. */
import { element } from './element.ts';
import { createSignInForm } from './sign-in-form.ts';

/** Resolves once this person is signed in again. It cannot be dismissed: without a session nothing can be saved. */
export function askToSignInAgain(username: string): Promise<void> {
  return new Promise((resolve) => {
    const form = createSignInForm({
      username,
      onSignedIn: () => {
        dialog.close();
        dialog.remove();
        resolve();
      },
    });
    const leave = element('a', { href: '/login', className: 'ved-SignIn-leave' }, 'Sign in as someone else');
    const dialog = element(
      'dialog',
      { className: 'ved-SignIn ved-SignIn-dialog', 'aria-labelledby': 'sign-in-title' },
      element('h2', { id: 'sign-in-title', className: 'ved-SignIn-title' }, 'Sign in again'),
      element('p', { className: 'ved-SignIn-about' }, 'Your session has ended. Nothing you typed is lost.'),
      form.node,
      leave,
    );
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    // Keys go to the form, not to the workspace's shortcuts behind it.
    dialog.addEventListener('keydown', (event) => event.stopPropagation());
    document.body.append(dialog);
    dialog.showModal();
    form.focus();
  });
}
