/** One run of lines in the blame column: a block as high as its lines, with a label that stays in view. */
import type { AuthorRun } from './line-authors.ts';

/** Hover time before the card opens. */
const POINTED_MS = 350;

export interface RunLook {
  /** In CSS pixels. */
  readonly top: number;
  readonly height: number;
  readonly lineHeight: number;
  readonly who: string;
  /** Empty for unsaved lines, as is `when`. */
  readonly version: string;
  readonly when: string;
  /** Written with the assistant. */
  readonly assisted: boolean;
  /** From 0, the oldest of the text, to 1, the newest. */
  readonly age: number;
  readonly hasFocusPlace: boolean;
}

export interface RunEvents {
  onSelected(pressed: boolean): void;
  onLeft(): void;
}

export class RunElement {
  readonly node = document.createElement('div');
  readonly label = document.createElement('button');
  /** What it shows; null before it was first drawn. */
  run: AuthorRun | null = null;
  private readonly parts = { who: part('who'), assisted: part('assisted'), version: part('version'), when: part('when') };

  constructor(private readonly events: RunEvents) {
    this.node.className = 'ved-Blame-run';
    this.node.setAttribute('role', 'listitem');
    this.label.type = 'button';
    this.label.className = 'ved-Blame-label';
    this.parts.assisted.textContent = '✦';
    this.label.append(...Object.values(this.parts));
    this.node.append(this.label);
    this.label.addEventListener('click', () => this.press());
    let pointed: ReturnType<typeof setTimeout> | undefined;
    this.label.addEventListener('pointerenter', () => {
      pointed = setTimeout(() => events.onSelected(false), POINTED_MS);
    });
    this.label.addEventListener('pointerleave', () => {
      clearTimeout(pointed);
      events.onLeft();
    });
  }

  press(): void {
    this.events.onSelected(true);
  }

  show(run: AuthorRun, look: RunLook): void {
    this.run = run;
    const { node, label, parts } = this;
    node.style.top = `${look.top}px`;
    node.style.height = `${look.height}px`;
    node.style.setProperty('--ved-blame-line', `${look.lineHeight}px`);
    node.style.setProperty('--ved-blame-age', `${Math.round(15 + 85 * look.age)}%`);
    node.hidden = look.height <= 0;
    node.classList.toggle('ved-mod-unsaved', run.author === 'unsaved');
    node.dataset.vedBlameLines = `${run.first}-${run.last}`;
    node.dataset.vedBlameVersion = String(run.author);
    label.tabIndex = look.hasFocusPlace ? 0 : -1;
    parts.who.textContent = look.who;
    parts.assisted.hidden = !look.assisted;
    parts.version.textContent = look.version;
    parts.when.textContent = look.when;
    label.setAttribute('aria-label', spoken(run, look));
  }
}

function part(name: string): HTMLSpanElement {
  const span = document.createElement('span');
  span.className = `ved-Blame-${name}`;
  return span;
}

/** `Lines 3 to 7: ed1, v0.4, 2 h ago, with the assistant` */
function spoken({ first, last }: AuthorRun, { who, version, when, assisted }: RunLook): string {
  const lines = first === last ? `Line ${first}` : `Lines ${first} to ${last}`;
  return `${lines}: ${[who, version, when, assisted ? 'with the assistant' : ''].filter(Boolean).join(', ')}`;
}
