/** Shown when the workspace cannot be opened: the reason, and a button to try again. */
import { element } from './element.ts';

/** Shows the failure in `host`; resolves when the user clicks "Try again". */
export function askToRetry(host: HTMLElement, reason: string): Promise<void> {
  return new Promise((resolve) => {
    const retry = element('button', { type: 'button', className: 'ved-SignIn-button', onclick: () => resolve() }, 'Try again');
    host.replaceChildren(
      element(
        'main',
        { className: 'ved-SignIn' },
        element('h1', { className: 'ved-SignIn-name' }, 'ved'),
        element('p', { role: 'alert' }, reason),
        retry,
      ),
    );
    retry.focus();
  });
}
