/** The card next to the column: details of the version that a run of lines comes from, and links. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { versionName } from '@ved/catalog/contract';
import { exactTime, RelativeTime } from '@ved/core/browser';
import { type ReactNode, useLayoutEffect } from 'react';
import type { AuthorRun } from './line-authors.ts';
import type { BlamedVersion } from './script-blame.ts';

/** Between the card and the edge of the window. */
const MARGIN_PX = 8;
/** Time for the pointer to move from the label to the card. */
const LEAVING_MS = 250;

export interface BlameCardContent {
  readonly run: AuthorRun;
  /** Null for unsaved lines. */
  readonly version: BlamedVersion | null;
  /** Opens the version in a tab; null when it is already the text next to the card. */
  readonly onOpenVersion: (() => void) | null;
  /** Opens the prompt in the assistant's log; null when there is none. */
  readonly onOpenPrompt: (() => void) | null;
}

export class BlameCard extends ReactWidget {
  private content: BlameCardContent | null = null;
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private opener: HTMLElement | null = null;
  private wantsFocus = false;

  constructor() {
    super();
    this.addClass('ved-BlameCard');
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-label', 'Who wrote these lines');
    this.node.addEventListener('pointerenter', () => clearTimeout(this.leaving));
    this.node.addEventListener('pointerleave', () => this.closeSoon());
    this.node.addEventListener('keydown', (event) => this.onKey(event));
    this.node.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.node.contains(relatedTarget as Node | null)) this.hide();
    });
  }

  /** Shows it to the right of an element; `focus` takes the focus, and Escape gives it back. */
  open(content: BlameCardContent, anchor: HTMLElement, focus: boolean): void {
    clearTimeout(this.leaving);
    this.content = content;
    this.opener = anchor;
    this.wantsFocus = focus;
    if (!this.isAttached) Widget.attach(this, document.body);
    this.show();
    this.update();
  }

  /** Closes after a delay unless the pointer enters the card or the focus is in it. */
  closeSoon(): void {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => {
      if (!this.node.contains(document.activeElement)) this.hide();
    }, LEAVING_MS);
  }

  override dispose(): void {
    clearTimeout(this.leaving);
    super.dispose();
  }

  /** Positions and focuses the card in the same step that draws it, so that the next key goes to what is visible. */
  private drawn(): void {
    // It may have been closed in the meantime.
    if (!this.isVisible) return;
    const { style, offsetHeight } = this.node;
    const { top, right } = this.opener!.getBoundingClientRect();
    style.left = `${right + 4}px`;
    style.top = `${Math.max(MARGIN_PX, Math.min(top, window.innerHeight - offsetHeight - MARGIN_PX))}px`;
    if (this.wantsFocus) (this.node.querySelector('button') ?? this.node.querySelector<HTMLElement>('[tabindex]'))?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.opener?.focus();
    this.hide();
  }

  protected override render(): JSX.Element | null {
    if (!this.content) return null;
    return (
      <Drawn what={this.content} onDrawn={() => this.drawn()}>
        {this.draw(this.content)}
      </Drawn>
    );
  }

  private draw({ run, version, onOpenVersion, onOpenPrompt }: BlameCardContent): JSX.Element {
    const lines = run.first === run.last ? `Line ${run.first}` : `Lines ${run.first} to ${run.last}`;
    if (!version) return <p tabIndex={-1}>{lines}: changed, not saved yet.</p>;
    const then = (act: () => void) => () => {
      this.hide();
      act();
    };
    return (
      <>
        <p className="ved-BlameCard-title" tabIndex={-1}>
          <strong>{version.committer}</strong> {versionName(version)}, <RelativeTime time={version.created_at} />
        </p>
        <p className="ved-BlameCard-facts">
          {exactTime(version.created_at)} · {lines.toLowerCase()}
          {version.interactionId !== null && ' · ✦ with the assistant'}
        </p>
        {version.message && <p className="ved-BlameCard-message">{version.message}</p>}
        <div className="ved-BlameCard-actions">
          {onOpenVersion && (
            <button type="button" onClick={then(onOpenVersion)}>
              Open {versionName(version)}
            </button>
          )}
          {onOpenPrompt && (
            <button type="button" onClick={then(onOpenPrompt)}>
              Open prompt
            </button>
          )}
        </div>
      </>
    );
  }
}

/** Calls back when `what` is new in the page, before it is painted; the widget's own promise may resolve much later. */
function Drawn({ what, onDrawn, children }: { what: unknown; onDrawn: () => void; children: ReactNode }): ReactNode {
  // biome-ignore lint/correctness/useExhaustiveDependencies: call once per content
  useLayoutEffect(onDrawn, [what]);
  return children;
}
