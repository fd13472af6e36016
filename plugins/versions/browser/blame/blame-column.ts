/**
 * The column next to the text: for each run of lines its author, version and
 * age. Draws only the runs near the view, and scrolls with the text, which it
 * knows only through `EditorLines`. One run is in the Tab order; the arrow keys
 * move to the others.
 */

import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { versionName } from '@ved/catalog/contract';
import { relativeTime } from '@ved/core/browser';
import type { EditorLines } from '@ved/editor/contract';
import type { AuthorRun } from './line-authors.ts';
import { RunElement } from './run-element.ts';
import type { ScriptBlame } from './script-blame.ts';

/** How often the relative ages are refreshed. */
const AGES_MS = 30_000;

/** A run that was hovered or clicked. */
export interface RunSelection {
  readonly run: AuthorRun;
  readonly anchor: HTMLElement;
  /** Clicked or chosen by key, not only hovered. */
  readonly pressed: boolean;
}

export class BlameColumn implements IDisposable {
  readonly node = document.createElement('div');
  readonly selected = new Signal<this, RunSelection>(this);
  /** The pointer left the run. */
  readonly left = new Signal<this, void>(this);
  private readonly space = document.createElement('div');
  private elements: RunElement[] = [];
  /** The line whose run is in the Tab order. */
  private focusLine = 1;
  private readonly ages = setInterval(() => this.draw(), AGES_MS);
  private disposed = false;

  /** `returnFocus` moves the focus back to the text. */
  constructor(
    private readonly blame: ScriptBlame,
    private readonly lines: EditorLines,
    private readonly returnFocus: () => void,
  ) {
    this.node.className = 'ved-Blame';
    this.node.dataset.vedBlame = '';
    this.node.setAttribute('role', 'list');
    this.node.setAttribute('aria-label', 'Who wrote each line');
    this.space.className = 'ved-Blame-space';
    this.space.setAttribute('role', 'presentation');
    this.node.append(this.space);
    this.node.addEventListener('wheel', (event) => this.lines.scrollBy(event.deltaY), { passive: true });
    this.node.addEventListener('keydown', (event) => this.onKey(event));
    blame.changed.connect(this.draw, this);
    lines.moved.connect(this.draw, this);
    lines.scrolled.connect(this.draw, this);
    this.draw();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.ages);
    this.blame.changed.disconnect(this.draw, this);
    this.lines.moved.disconnect(this.draw, this);
    this.lines.scrolled.disconnect(this.draw, this);
    this.node.remove();
    Signal.clearData(this);
  }

  /** Selects the run of this line as if it had been clicked; does nothing when its author is unknown. */
  select(line: number): void {
    const run = this.blame.runs.find(({ first, last }) => first <= line && line <= last);
    if (!run) return;
    this.goTo(run);
    this.elements.find((element) => element.run === run)?.press();
  }

  private draw(): void {
    const { contentHeight, scrollTop } = this.lines;
    this.node.dataset.vedState = this.blame.error ? 'failed' : this.blame.runs.length > 0 ? 'ready' : 'loading';
    this.space.style.height = `${contentHeight}px`;
    this.node.scrollTop = scrollTop;
    const shown = this.runsNearView();
    while (this.elements.length > shown.length) this.elements.pop()!.node.remove();
    while (this.elements.length < shown.length) this.elements.push(this.makeElement());
    const newest = Math.max(...this.blame.runs.map(({ author }) => (author === 'unsaved' ? 0 : author)));
    const oldest = Math.min(...this.blame.runs.map(({ author }) => (author === 'unsaved' ? newest : author)));
    let bottom = 0;
    for (const [index, run] of shown.entries()) {
      const version = this.blame.versionOf(run);
      // A folded line has the position of the line before it, where another run may be.
      const top = Math.max(bottom, this.lines.top(run.first));
      bottom = Math.max(top, this.lines.bottom(run.last));
      this.elements[index]!.show(run, {
        top,
        height: bottom - top,
        lineHeight: this.lines.lineHeight,
        who: version?.committer ?? 'unsaved',
        version: version ? versionName(version) : '',
        when: version ? relativeTime(version.created_at) : '',
        assisted: version?.interactionId != null,
        age: version && newest > oldest ? (version.id - oldest) / (newest - oldest) : 1,
        hasFocusPlace: run.first <= this.focusLine && this.focusLine <= run.last,
      });
    }
  }

  /** The visible runs, and as many again above and below. */
  private runsNearView(): readonly AuthorRun[] {
    const { runs } = this.blame;
    const { scrollTop, viewHeight } = this.lines;
    const first = firstWhere(runs.length, (index) => this.lines.bottom(runs[index]!.last) >= scrollTop - viewHeight);
    const end = firstWhere(runs.length, (index) => this.lines.top(runs[index]!.first) > scrollTop + 2 * viewHeight);
    return runs.slice(first, end);
  }

  private makeElement(): RunElement {
    const element = new RunElement({
      onSelected: (pressed) => this.selected.emit({ run: element.run!, anchor: element.label, pressed }),
      onLeft: () => this.left.emit(),
    });
    this.space.append(element.node);
    return element;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.returnFocus();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.step(event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(direction: 1 | -1): void {
    const { runs } = this.blame;
    const at = runs.findIndex(({ first, last }) => first <= this.focusLine && this.focusLine <= last);
    const next = runs[at + direction];
    if (next) this.goTo(next);
  }

  private goTo(run: AuthorRun): void {
    this.focusLine = run.first;
    this.lines.reveal(run.first);
    this.draw();
    this.elements.find((element) => element.run === run)?.label.focus();
  }
}

/** The first index that matches, where all later ones match too (binary search); `length` when none does. */
function firstWhere(length: number, matches: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matches(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
