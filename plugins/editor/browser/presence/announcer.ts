/** Tells the server what this page has open: on change, and often enough not to be forgotten. */

import { createClient } from '@ved/core/browser';
import { presenceRoutes } from '../../contract/index.ts';
import type { OpenScript } from '../tabs/open-script.ts';

/** The server forgets after 45 s of silence. */
const REPEAT_MS = 20_000;
/** While somebody types, however many keys; the server forgets it after 6 s. */
const TYPING_REPEAT_MS = 2_000;

export interface OpenState {
  readonly script_id: number;
  readonly dirty: boolean;
  readonly typing: boolean;
}

export class PresenceAnnouncer {
  private readonly client = createClient(presenceRoutes);
  private announced = '[]';
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `open` returns what is open now. Failures do no harm: the next announcement is complete again. */
  constructor(
    private readonly page: string,
    private readonly open: () => OpenState[],
  ) {
    window.addEventListener('pagehide', () => this.announce([], true));
  }

  /** Something may have been opened, closed or changed. */
  update(): void {
    const open = this.open();
    if (JSON.stringify(open) !== this.announced) this.announce(open);
  }

  private announce(open: OpenState[], keepalive = false): void {
    this.announced = JSON.stringify(open);
    if (this.timer) clearTimeout(this.timer);
    const again = open.some(({ typing }) => typing) ? TYPING_REPEAT_MS : REPEAT_MS;
    this.timer = open.length > 0 ? setTimeout(() => this.announce(this.open()), again) : null;
    this.client.announcePresence({ params: { page: this.page }, body: { open } }, { keepalive }).catch(() => undefined);
  }
}

/** Longest time from the person's input to the change that it causes. */
const CAUSED_MS = 1_000;
/** After this long without a change, typing has stopped. */
const QUIET_MS = 3_000;

export class TypingWatch {
  private inputAt = Number.NEGATIVE_INFINITY;
  private typedAt = Number.NEGATIVE_INFINITY;

  /** Follows the script until it is disposed; `onStart` is called when typing starts, not at every key. */
  constructor({ document, view, readOnly }: OpenScript, onStart: () => void) {
    if (readOnly) return;
    for (const event of ['keydown', 'paste', 'drop', 'compositionend']) {
      view.node.addEventListener(event, () => this.noteInput(), { capture: true });
    }
    document.content.buffer.changed.connect(() => {
      if (performance.now() - this.inputAt >= CAUSED_MS) return;
      const begins = !this.isTyping;
      this.typedAt = performance.now();
      if (begins) onStart();
    });
  }

  get isTyping(): boolean {
    return performance.now() - this.typedAt < QUIET_MS;
  }

  private noteInput(): void {
    this.inputAt = performance.now();
  }
}
