/** What is known of the version that brought a run of lines, beside the column: all of it, and the ways to more. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { versionName } from '@ved/catalog/contract';
import { exactTime, RelativeTime } from '@ved/core/browser';
import { type ReactNode, useLayoutEffect } from 'react';
import type { AuthorRun } from './line-authors.ts';
import type { BlamedVersion } from './script-blame.ts';

/** Between the card and the edge of the window. */
const MARGIN_PX = 8;
/** The way of the pointer from the label to the card. */
const LEAVING_MS = 250;

export interface BlameCardContent {
  readonly run: AuthorRun;
  /** Null for lines that are not saved. */
  readonly version: BlamedVersion | null;
  /** Opens the version in a tab; null when that is the text beside it. */
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
  open(content: BlameCardContent, beside: HTMLElement, focus: boolean): void {
    clearTimeout(this.leaving);
    this.content = content;
    this.opener = beside;
    this.wantsFocus = focus;
    if (!this.isAttached) Widget.attach(this, document.body);
    this.show();
    this.update();
  }

  /** Unless the pointer comes into it, or the focus is in it. */
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

  /** Takes its place, and the focus, in the step that draws it: the next key is for what is seen. */
  private drawn(): void {
    // Somebody may have changed their mind.
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
              Open the prompt
            </button>
          )}
        </div>
      </>
    );
  }
}

/** Tells when `what` is newly in the page, before it is painted; a widget's own promise of that may come much later. */
function Drawn({ what, onDrawn, children }: { what: unknown; onDrawn: () => void; children: ReactNode }): ReactNode {
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the same content it is told once
  useLayoutEffect(onDrawn, [what]);
  return children;
}
