/**
 * What a panel shows when it has nothing to show: empty, loading, failed, no
 * right. One look and one wording for all panels.
 */
import type { ReactNode } from 'react';
import { ApiError } from '../client/api-error.ts';

export interface PanelMessageProps {
  /** One short line. */
  readonly title: string;
  /** What it means and what to do; a sentence or three. */
  readonly children?: ReactNode;
  /** Buttons, usually `PanelAction`. */
  readonly actions?: ReactNode;
}

/** A quiet message in the middle of a panel. */
export function PanelMessage({ title, children, actions }: PanelMessageProps) {
  return (
    <div className="ved-PanelMessage">
      <p className="ved-PanelMessage-title">{title}</p>
      {children && <div className="ved-PanelMessage-text">{children}</div>}
      {actions && <div className="ved-PanelMessage-actions">{actions}</div>}
    </div>
  );
}

export interface PanelActionProps {
  readonly onClick: () => void;
  readonly children: ReactNode;
  /** The one that most people want. */
  readonly primary?: boolean;
}

/** A button of a panel's message. */
export function PanelAction({ onClick, children, primary = false }: PanelActionProps) {
  return (
    <button type="button" className={`jp-mod-styled ved-Button${primary ? ' jp-mod-accept' : ''}`} onClick={onClick}>
      {children}
    </button>
  );
}

export interface PanelErrorProps {
  /** What failed, as a whole sentence: "The scripts could not be loaded." */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What failed, why, and a way to try again. Announced to screen readers. */
export function PanelError({ what, error, onRetry }: PanelErrorProps) {
  return (
    <div role="alert">
      <PanelMessage title={what} actions={onRetry && <PanelAction onClick={onRetry}>Try again</PanelAction>}>
        {reasonOf(error)}
      </PanelMessage>
    </div>
  );
}

/** Why something failed, in a sentence for a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError && error.status === 403) return `${error.message} Your account may not do this.`;
  return error instanceof Error ? error.message : String(error);
}

export interface PanelLoadingProps {
  /** Said to screen readers: "Loading the scripts". */
  readonly label: string;
  /** How many grey lines stand for what will come. */
  readonly lines?: number;
}

/** Grey lines where the content will be; they appear after 200 ms, so that what is quick does not flicker. */
export function PanelLoading({ label, lines = 6 }: PanelLoadingProps) {
  return (
    <div className="ved-PanelLoading" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <span key={line} className="ved-PanelLoading-line" style={{ width: `${55 + ((line * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
