/**
 * Draws only the lines in view, in plain DOM: with a hundred thousand lines, a frame
 * has time for the sixty that are visible. Follows the end until the reader scrolls
 * up, and then shows a button to jump back to it.
 */
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { plainText } from '@ved/runner/contract';
import { LogFilter } from './log-filter.ts';
import type { LogLines } from './log-lines.ts';
import { colorsOf } from './palette.ts';
import type { LogLine } from './screen-line.ts';
import { parseLine, type Style } from './sgr.ts';
import { mentionIn } from './traceback.ts';

/** Keep in sync with the style sheet. */
const LINE_PX = 18;
/** Drawn above and below the visible lines, so that scrolling shows text immediately. */
const SPARE_LINES = 12;
/** The rest of a longer line is not drawn; copy and download include it. */
const DRAWN_CHARACTERS = 4000;
/** An escape sequence cut off by that limit. */
const UNFINISHED_SEQUENCE = /\x1b[^m]*$/;
/** Browsers clip taller elements (Firefox at 17.8 million pixels); beyond this the scroll bar is scaled. */
const TALLEST_PX = 15_000_000;

export interface LogViewOptions {
  readonly lines: LogLines;
  /** A link in a traceback was clicked, or Enter pressed on it; null without the editor plugin. */
  readonly onGoToLine: ((line: number) => void) | null;
}

export class LogView extends Widget {
  readonly filter: LogFilter;
  private readonly lines: LogLines;
  private readonly scroller = document.createElement('div');
  private readonly spacer = document.createElement('div');
  private readonly window = document.createElement('div');
  private readonly toEnd = document.createElement('button');
  private readonly onGoToLine: ((line: number) => void) | null;
  private following = true;
  private frame = 0;
  private drawn = '';
  private needle = '';
  private current: number | null = null;

  constructor(options: LogViewOptions) {
    super();
    this.lines = options.lines;
    this.onGoToLine = options.onGoToLine;
    this.filter = new LogFilter(options.lines);
    this.addClass('ved-Log');
    this.scroller.className = 'ved-Log-scroller';
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute('role', 'log');
    this.scroller.setAttribute('aria-live', 'off');
    this.scroller.setAttribute('aria-label', 'Output');
    this.window.className = 'ved-Log-window';
    this.toEnd.className = 'ved-Log-toEnd jp-mod-styled';
    this.toEnd.type = 'button';
    this.toEnd.textContent = 'Jump to end ↓';
    this.toEnd.hidden = true;
    this.spacer.append(this.window);
    this.scroller.append(this.spacer);
    this.node.append(this.scroller, this.toEnd);
  }

  /** The lines changed; drawn with the next frame. */
  refresh(): void {
    if (this.frame !== 0 || !this.isVisible) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** Highlights all matches and scrolls to the one at `position`; null to not scroll. */
  highlight(needle: string, position: number | null): void {
    this.needle = needle.toLowerCase();
    this.current = position;
    if (position !== null) {
      this.following = false;
      this.scroller.scrollTop = Math.max(0, (position - 3) * LINE_PX * this.scale);
    }
    this.drawn = '';
    this.refresh();
  }

  jumpToEnd(): void {
    this.following = true;
    this.refresh();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.scroller.addEventListener('scroll', this);
    this.scroller.addEventListener('keydown', this);
    this.node.addEventListener('click', this);
  }

  protected override onBeforeDetach(message: Message): void {
    this.scroller.removeEventListener('scroll', this);
    this.scroller.removeEventListener('keydown', this);
    this.node.removeEventListener('click', this);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    super.onBeforeDetach(message);
  }

  protected override onAfterShow(): void {
    this.refresh();
  }
  protected override onResize(): void {
    this.refresh();
  }
  protected override onActivateRequest(): void {
    this.scroller.focus();
  }

  handleEvent(event: Event): void {
    if (event.type === 'scroll') this.onScroll();
    else if (event.type === 'click') this.onClick(event);
    else this.onKey(event as KeyboardEvent);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'End') this.following = true;
    const line = linkedLine(event);
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (event.key !== 'Enter' || !isPlain || line === null) return;
    // Otherwise the key press would also reach the editor, which gets the focus.
    event.preventDefault();
    event.stopPropagation();
    this.onGoToLine?.(line);
  }

  private onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.following = scrollTop + clientHeight >= scrollHeight - LINE_PX;
    this.refresh();
  }

  private onClick(event: Event): void {
    if (event.target === this.toEnd) {
      // The button disappears: keep the focus in the log.
      this.scroller.focus();
      this.jumpToEnd();
    }
    const line = linkedLine(event);
    if (line !== null) this.onGoToLine?.(line);
  }

  /** Pixels of the scroll bar for each pixel of text; 1 unless the text is taller than browsers allow. */
  private get scale(): number {
    return Math.min(1, TALLEST_PX / Math.max(1, this.filter.count * LINE_PX));
  }

  private draw(): void {
    const { count } = this.filter;
    const scale = this.scale;
    const height = Math.ceil(count * LINE_PX * scale);
    if (this.spacer.style.height !== `${height}px`) this.spacer.style.height = `${height}px`;
    // Do not scroll a focused link out of view.
    if (this.following && this.focusedPosition() === null) this.scroller.scrollTop = height;
    this.toEnd.hidden = this.following || count * LINE_PX <= this.scroller.clientHeight;

    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / scale / LINE_PX) - SPARE_LINES);
    const last = Math.min(count, first + Math.ceil(this.scroller.clientHeight / LINE_PX) + 2 * SPARE_LINES);
    const drawn = `${first}-${last}-${this.lines.revision}-${this.filter.shown}-${scale}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.window.style.transform = `translateY(${scale === 1 ? first * LINE_PX : top - (top / scale - first * LINE_PX)}px)`;
    const rows: Node[] = [];
    for (let position = first; position < last; position++) rows.push(this.row(this.lines.at(this.filter.indexAt(position))!, position));
    const focused = this.focusedPosition();
    this.window.replaceChildren(...rows);
    if (focused !== null) this.focusAt(focused);
  }

  /** The position of the row whose link has the focus; null if none has. */
  private focusedPosition(): string | null {
    const focused = document.activeElement;
    return this.window.contains(focused) ? (focused?.closest<HTMLElement>('[data-ved-position]')?.dataset.vedPosition ?? null) : null;
  }

  /** After a redraw, focuses the link at the same position, or the log if that is out of view. */
  private focusAt(position: string): void {
    const link = this.window.querySelector<HTMLElement>(`[data-ved-position="${position}"] a`);
    (link ?? this.scroller).focus({ preventScroll: true });
  }

  private row(line: LogLine, position: number): HTMLElement {
    const row = document.createElement('div');
    row.className = `ved-Log-line${line.stream === 'stderr' ? ' ved-mod-stderr' : ''}`;
    if (this.needle !== '' && plainText(line.text).toLowerCase().includes(this.needle))
      row.classList.add(position === this.current ? 'ved-mod-current' : 'ved-mod-match');
    const long = line.text.length > DRAWN_CHARACTERS;
    const text = long ? line.text.slice(0, DRAWN_CHARACTERS).replace(UNFINISHED_SEQUENCE, '') : line.text;
    const mention = line.stream === 'stderr' && this.onGoToLine ? mentionIn(plainText(text)) : null;
    if (mention) {
      const plain = plainText(text);
      const link = document.createElement('a');
      link.textContent = plain.slice(mention.from, mention.to);
      link.dataset.vedLine = String(mention.line);
      link.role = 'link';
      link.tabIndex = 0;
      link.title = `Go to line ${mention.line}`;
      row.dataset.vedPosition = String(position);
      row.append(plain.slice(0, mention.from), link, plain.slice(mention.to));
    } else for (const { text: piece, style } of parseLine(text, line.start)) row.append(styled(piece, style));
    if (long) {
      const rest = document.createElement('span');
      rest.className = 'ved-Log-rest';
      rest.textContent = ` … ${(line.text.length - DRAWN_CHARACTERS).toLocaleString('en')} more characters`;
      row.append(rest);
    }
    return row;
  }
}

/** The script line that the clicked traceback link refers to; null if the event is not on a link. */
function linkedLine(event: Event): number | null {
  const line = (event.target as HTMLElement).closest<HTMLElement>('[data-ved-line]')?.dataset.vedLine;
  return line === undefined ? null : Number(line);
}

function styled(text: string, style: Style): Node {
  if (Object.values(style).every((value) => value === undefined)) return document.createTextNode(text);
  const span = document.createElement('span');
  span.textContent = text;
  for (const name of ['bold', 'dim', 'italic', 'underline', 'strike'] as const) if (style[name]) span.classList.add(`ved-mod-${name}`);
  const { text: color, ground } = colorsOf(style);
  if (color !== undefined) span.style.color = color;
  if (ground !== undefined) span.style.backgroundColor = ground;
  return span;
}
