/** Turns of the programs that serve clones: so many for a person, so many in all. Who comes too early waits for a while, in the order of arrival. */
import { PersonShare, personLimits, serverLimits } from '@ved/core/server';

/** Git gives no sign of life while it waits; people wait a few seconds. */
const WAIT_MS = 20_000;

interface Waiting {
  readonly person: string;
  readonly begin: () => void;
}

export class CloneTurns {
  private readonly share = new PersonShare(personLimits.cloneProcesses, serverLimits.cloneProcesses);
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly waitMs = WAIT_MS) {}

  /** Resolves with what ends the turn. Rejects with the refusal when the wait is over, and with the signal's reason when the client is gone. */
  async take(person: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const giveBack = this.share.objection(person) ? await this.wait(person, signal) : this.share.take(person);
    return () => {
      giveBack();
      this.wakeNext();
    };
  }

  private wait(person: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.waiting.delete(waiting);
        clearTimeout(limit);
        signal.removeEventListener('abort', left);
        act();
      };
      const waiting: Waiting = { person, begin: () => settle(() => resolve(this.share.take(person))) };
      const left = () => settle(() => reject(signal.reason));
      const limit = setTimeout(
        () => settle(() => reject((this.share.objection(person) ?? personLimits.cloneProcesses).refuse())),
        this.waitMs,
      );
      signal.addEventListener('abort', left);
      this.waiting.add(waiting);
    });
  }

  /** Lets the first go on that may; it takes its turn before anybody else is asked. */
  private wakeNext(): void {
    for (const waiting of this.waiting) {
      if (this.share.objection(waiting.person)) continue;
      waiting.begin();
      return;
    }
  }
}
