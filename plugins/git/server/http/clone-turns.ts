/** Limits the processes that serve clones, per person and in total. Requests beyond the limit wait in a queue, up to a time limit. */
import { PersonShare, personLimits, serverLimits } from '@ved/core/server';

/** The git client shows no progress while it waits, and people are patient for only some seconds. */
const WAIT_MS = 20_000;

interface Waiting {
  readonly person: string;
  readonly begin: () => void;
}

export class CloneTurns {
  private readonly share = new PersonShare(personLimits.cloneProcesses, serverLimits.cloneProcesses);
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly waitMs = WAIT_MS) {}

  /** Resolves with a function that ends the turn. Rejects with the limit's error when the wait times out, and with the signal's reason when the client is gone. */
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

  /** Starts the first waiting request that is within its limits; it takes its turn before any other is considered. */
  private wakeNext(): void {
    for (const waiting of this.waiting) {
      if (this.share.objection(waiting.person)) continue;
      waiting.begin();
      return;
    }
  }
}
