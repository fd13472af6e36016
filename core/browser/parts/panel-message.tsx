/**
 * What a panel shows instead of content: empty, loading, failed, forbidden. The
 * same look and wording in all panels.
 */
import type { ReactNode } from 'react';
import { ApiError } from '../client/api-error.ts';

export interface PanelMessageProps {
  /** One short line. */
  readonly title: string;
  /** What it means and what to do, in one to three sentences. */
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
  /** The one that most users want. */
  readonly primary?: boolean;
}

/** A button in a panel message. */
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

/** Why something failed, in a sentence for the user. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError && error.status === 403) return `${error.message} Your account is not allowed to do this.`;
  return error instanceof Error ? error.message : String(error);
}

export interface PanelLoadingProps {
  /** Announced to screen readers: "Loading the scripts". */
  readonly label: string;
  /** The number of grey placeholder lines. */
  readonly lines?: number;
}

/** Grey placeholder lines; they appear after 200 ms, so that a quick load does not flicker. */
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
