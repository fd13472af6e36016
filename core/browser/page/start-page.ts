/**
 * Starts the page: checks who is signed in, shows the sign-in page if nobody is,
 * and then opens the workspace. Its code is fetched in parallel when somebody
 * probably is signed in.
 */
import { element } from './element.ts';
import '../client/without-eval.ts';

import { type BootData, fetchBootData, fetchSession } from '../app/boot.ts';
import { ApiError, ServerUnreachable } from '../client/api-error.ts';
import { applyThemeHint } from '../shell/theme-hint.ts';
import { forgetSignedIn, rememberSignedIn, signedInHint } from './session-hint.ts';
import { askToSignIn } from './sign-in-page.ts';
import './page.css';

export interface WorkspaceModule {
  /** Starts to fetch and prepare what a path will need; called before the user is known. */
  prepare(path: string): void;
  /** Opens the workspace in the page. */
  open(boot: BootData): Promise<void>;
}

/** The path of the sign-in page, which then goes to the path in `?next=`. */
export const signInPath = '/login';

/** Starts the page. `loadWorkspace` fetches the workspace's code. */
export async function startPage(loadWorkspace: () => Promise<WorkspaceModule>): Promise<void> {
  applyThemeHint();
  const host = document.createElement('div');
  host.id = 'page';
  document.body.append(host);
  for (;;) {
    try {
      const boot = await signedIn(host, loadWorkspace);
      const workspace = await loadWorkspace();
      await workspace.open(boot);
      host.remove();
      return;
    } catch (error) {
      await askToRetry(host, startProblem(error));
    }
  }
}

/** Resolves with everything the workspace needs, once somebody is signed in. */
async function signedIn(host: HTMLElement, loadWorkspace: () => Promise<WorkspaceModule>): Promise<BootData> {
  const { pathname } = window.location;
  const known = signedInHint() !== null;
  if (pathname === signInPath && !known) await requireSession(host);
  if (known) showSkeleton(host);
  // Request the data while the code that will need it is prepared.
  const asked = bootOf();
  prepare(loadWorkspace, pathname);
  try {
    return await asked;
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
    forgetSignedIn();
    await askToSignIn(host);
    showSkeleton(host);
    return await bootOf();
  }
}

/** A failure is reported when the workspace is opened. */
function prepare(loadWorkspace: () => Promise<WorkspaceModule>, path: string): void {
  loadWorkspace().then(
    (workspace) => workspace.prepare(path),
    () => undefined,
  );
}

async function bootOf(): Promise<BootData> {
  const boot = await fetchBootData();
  rememberSignedIn(boot.session.username);
  leaveSignInPath();
  return boot;
}

async function requireSession(host: HTMLElement): Promise<void> {
  const asked = window.location.pathname === signInPath ? askToSignIn(host) : null;
  const session = await fetchSession();
  if (!session) await (asked ?? askToSignIn(host));
}

function leaveSignInPath(): void {
  const { pathname, search, origin } = window.location;
  if (pathname !== signInPath) return;
  const next = new URL(new URLSearchParams(search).get('next') ?? '/', origin);
  const inside = next.origin === origin && next.pathname !== signInPath;
  window.history.replaceState(null, '', inside ? next.pathname + next.search : '/');
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

function startProblem(error: unknown): string {
  if (error instanceof ServerUnreachable) return 'The server cannot be reached. Check that it is running, then try again.';
  if (error instanceof ApiError) return error.message;
  return `The workspace could not be opened: ${error instanceof Error ? error.message : String(error)}`;
}

const bar = (className: string) => element('div', { className });

/** Shows the outlines in `host`. */
function showSkeleton(host: HTMLElement): void {
  const side = element('div', { className: 'ved-Skeleton-side' }, ...Array.from({ length: 7 }, () => bar('ved-Skeleton-line')));
  host.replaceChildren(
    element(
      'div',
      { className: 'ved-Skeleton', role: 'status', 'aria-label': 'Loading the workspace' },
      element('div', { className: 'ved-Skeleton-top' }, element('span', { className: 'ved-Skeleton-name' }, 'ved')),
      side,
      bar('ved-Skeleton-main'),
      bar('ved-Skeleton-bottom'),
    ),
  );
}

/** Shows the failure in `host`; resolves when the user clicks "Try again". */
function askToRetry(host: HTMLElement, reason: string): Promise<void> {
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
