/** The sign-in form; plain elements, so that it is shown before any framework is loaded. */
import { type Session, sessionRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { ApiError, ServerUnreachable } from '../client/api-error.ts';
import { element } from './element.ts';
import { rememberSignedIn } from './session-hint.ts';

const client = createClient(sessionRoutes);

export interface SignInFormOptions {
  /** Set when this person's session was lost; then the form asks only for the password. */
  readonly username?: string;
  readonly onSignedIn: (session: Session) => void;
}

export interface SignInForm {
  readonly node: HTMLFormElement;
  /** Focuses the first field to fill in. */
  focus(): void;
  /** Enters a name and a password, and focuses the button. */
  fill(username: string, password: string): void;
}

/** Creates the form. Errors are shown in it and announced to screen readers. */
export function createSignInForm({ username, onSignedIn }: SignInFormOptions): SignInForm {
  const name = element('input', {
    id: 'sign-in-name',
    name: 'username',
    autocomplete: 'username',
    autocapitalize: 'none',
    spellcheck: false,
    required: true,
    maxLength: 200,
    value: username ?? '',
    readOnly: username !== undefined,
  });
  const password = element('input', {
    id: 'sign-in-password',
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    maxLength: 1000,
  });
  const problem = element('p', { className: 'ved-SignIn-problem', role: 'alert', id: 'sign-in-problem' });
  const button = element('button', { type: 'submit', className: 'ved-SignIn-button' }, 'Sign in');
  const node = element(
    'form',
    { className: 'ved-SignIn-form', noValidate: true },
    element('label', { for: name.id }, 'Name'),
    name,
    element('label', { for: password.id }, 'Password'),
    password,
    problem,
    button,
  );

  const refuse = (field: HTMLInputElement, text: string) => {
    problem.textContent = text;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', problem.id);
    field.focus();
    field.select();
  };

  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    for (const field of [name, password]) field.removeAttribute('aria-invalid');
    if (!name.value) return refuse(name, 'Enter your name.');
    if (!password.value) return refuse(password, 'Enter your password.');
    button.disabled = true;
    try {
      const session = await client.login({ body: { username: name.value, password: password.value } });
      rememberSignedIn(session.username);
      onSignedIn(session);
    } catch (error) {
      refuse(password, signInProblem(error));
    } finally {
      button.disabled = false;
    }
  });
  const fill = (username: string, secret: string) => {
    name.value = username;
    password.value = secret;
    button.focus();
  };
  return { node, focus: () => (name.value ? password : name).focus(), fill };
}

function signInProblem(error: unknown): string {
  if (error instanceof ServerUnreachable) return 'The server cannot be reached. Check that it is running, then try again.';
  if (error instanceof ApiError && error.status === 429) {
    const wait = error.retryAfterSeconds;
    return `Too many wrong passwords. Try again ${wait === null ? 'in a minute' : `in ${wait} s`}.`;
  }
  if (error instanceof ApiError && error.status === 401) return 'The name or the password is wrong.';
  return error instanceof Error ? error.message : String(error);
}
