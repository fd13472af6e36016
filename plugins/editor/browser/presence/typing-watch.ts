/** Whether this person is typing in a script: a key, then a changed text. A text that changes because somebody saved does not count. */
import type { OpenScript } from '../tabs/open-script.ts';

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
