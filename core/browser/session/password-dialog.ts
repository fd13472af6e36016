/** The dialog to change one's password. */
import { Notification } from '@jupyterlab/apputils';
import { sessionRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { ApiError, ServerUnreachable } from '../client/api-error.ts';
import { whileSessionChanges } from '../client/session-recovery.ts';
import { element } from '../page/element.ts';

const client = createClient(sessionRoutes);

/** The same as on the server; checked before the request. */
const MIN_LENGTH = 8;

/** Opens the dialog; it closes once the password is changed, or by Cancel or Escape. */
export function changePassword(username: string): void {
  const current = passwordField('password-current', 'current-password');
  const chosen = passwordField('password-new', 'new-password');
  const repeated = passwordField('password-repeated', 'new-password');
  const problem = element('p', { className: 'ved-SignIn-problem', role: 'alert', id: 'password-problem' });
  const button = element('button', { type: 'submit', className: 'ved-SignIn-button' }, 'Change password');
  const cancel = element('button', { type: 'button', className: 'ved-SignIn-cancel' }, 'Cancel');
  const form = element(
    'form',
    { className: 'ved-SignIn-form', noValidate: true },
    // Tells password managers whose password this is.
    element('input', { type: 'text', name: 'username', autocomplete: 'username', value: username, hidden: true, readOnly: true }),
    element('label', { for: current.id }, 'Current password'),
    current,
    element('label', { for: chosen.id }, `New password (at least ${MIN_LENGTH} characters)`),
    chosen,
    element('label', { for: repeated.id }, 'New password again'),
    repeated,
    problem,
    button,
    cancel,
  );
  const dialog = element(
    'dialog',
    { className: 'ved-SignIn ved-SignIn-dialog', 'aria-labelledby': 'password-title' },
    element('h2', { id: 'password-title', className: 'ved-SignIn-title' }, 'Change password'),
    element('p', { className: 'ved-SignIn-about' }, 'You stay signed in here. Everywhere else, you will have to sign in again.'),
    form,
  );

  const refuse = (field: HTMLInputElement, text: string) => {
    problem.textContent = text;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', problem.id);
    field.focus();
    field.select();
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    for (const field of [current, chosen, repeated]) field.removeAttribute('aria-invalid');
    if (!current.value) return refuse(current, 'Enter your current password.');
    if (chosen.value.length < MIN_LENGTH) return refuse(chosen, `Choose a password of at least ${MIN_LENGTH} characters.`);
    if (chosen.value !== repeated.value) return refuse(repeated, 'The new passwords do not match. Type the new one again.');
    button.disabled = true;
    try {
      const body = { current_password: current.value, new_password: chosen.value };
      await whileSessionChanges(client.changePassword({ body }));
      dialog.close();
      Notification.success('Your password was changed. Your other sessions have ended.', { autoClose: 5000 });
    } catch (error) {
      const isOfCurrent = !(error instanceof ApiError && (error.is('auth/same-password') || error.is('auth/bad-password')));
      refuse(isOfCurrent ? current : chosen, problemText(error));
    } finally {
      button.disabled = false;
    }
  });
  cancel.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  // Keys go to the form, not to the workspace's shortcuts behind it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  current.focus();
}

function passwordField(id: string, autocomplete: 'current-password' | 'new-password'): HTMLInputElement {
  return element('input', { id, type: 'password', autocomplete, required: true, maxLength: 1000 });
}

function problemText(error: unknown): string {
  if (error instanceof ServerUnreachable)
    return 'The server cannot be reached. Try again; if your current password is then refused, it has already been changed.';
  return error instanceof Error ? error.message : String(error);
}
