/** Whether this person is typing in a script: a key, then a changed text. A text that changes by itself (somebody saved) is not typed. */
import type { OpenScript } from '../tabs/open-script.ts';

/** From an input of the person to the change that it makes. */
const CAUSED_MS = 1_000;
/** After the last change somebody thinks, or has gone. */
const QUIET_MS = 3_000;

export class TypingWatch {
  private inputAt = Number.NEGATIVE_INFINITY;
  private typedAt = Number.NEGATIVE_INFINITY;

  /** Follows the script until it is disposed; `onBegin` is called when typing begins, not at every key. */
  constructor({ document, view, readOnly }: OpenScript, onBegin: () => void) {
    if (readOnly) return;
    for (const event of ['keydown', 'paste', 'drop', 'compositionend']) {
      view.node.addEventListener(event, () => this.noteInput(), { capture: true });
    }
    document.content.buffer.changed.connect(() => {
      if (performance.now() - this.inputAt >= CAUSED_MS) return;
      const begins = !this.isTyping;
      this.typedAt = performance.now();
      if (begins) onBegin();
    });
  }

  get isTyping(): boolean {
    return performance.now() - this.typedAt < QUIET_MS;
  }

  private noteInput(): void {
    this.inputAt = performance.now();
  }
}
