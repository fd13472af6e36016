/**
 * Shares interpreters among people, who take turns. Each person has at most one
 * at a time, and another is started before anybody has to wait for somebody
 * else's program. One is kept while people work, none when they have stopped.
 */
import { takeAhead } from './ahead.ts';
import { Interpreter, Killed, type OnDocstring, OutOfTime, type Question } from './interpreter.ts';

/** With fewer than this many people whose programs take seconds, the next person need not wait. */
const MAX_INTERPRETERS = 4;
/** A request usually takes 5 ms. When one takes this long, another interpreter is started for the next person. */
const SLOW_MS = 50;
/** Long enough to last while somebody works, short enough that an idle server frees the memory. */
const IDLE_MS: IdleMs = { first: 3 * 60_000, spare: 20_000 };

/** How long idle interpreters are kept; all but the first end sooner. */
export interface IdleMs {
  readonly first: number;
  readonly spare: number;
}

interface Waiting {
  readonly person: string;
  readonly resolve: (interpreter: Interpreter) => void;
  readonly reject: (error: Error) => void;
}

export interface TimeLimits {
  /** For an interpreter: one that is starting, or the same person's earlier request. */
  readonly waitMs: number;
  /** For the answer, once the request was sent. */
  readonly answerMs: number;
}

interface Answer {
  readonly value: unknown;
  /** The prefix of the interpreter's fingerprints. */
  readonly maker: string;
}

export class InterpreterPool {
  private readonly idle: { interpreter: Interpreter; timer: NodeJS.Timeout }[] = [];
  private readonly all = new Set<Interpreter>();
  private readonly busyPeople = new Set<string>();
  private waiting: Waiting[] = [];
  /** The number of each person's last turn; cleared when nobody is waiting. */
  private readonly lastTurns = new Map<string, number>();
  private turns = 0;
  private startWasKilled = false;
  private stopped = false;

  constructor(private readonly idleMs: IdleMs = IDLE_MS) {}

  /** Makes sure that an interpreter is running or starting, and keeps it for a while. */
  warm(): void {
    if (this.stopped) return;
    if (this.all.size === 0) this.start();
    const [first] = this.idle;
    if (first) first.timer.refresh();
  }

  /** Retries once when the interpreter was killed. Rejects with OutOfTime, or with Error when the text was too much for the interpreter. */
  async ask(person: string, question: Question, limits: TimeLimits, onDocstring?: OnDocstring): Promise<Answer> {
    return this.askOnce(person, question, limits, onDocstring).catch((error: unknown) => {
      if (error instanceof Killed && !this.stopped) return this.askOnce(person, question, limits, onDocstring);
      throw error;
    });
  }

  private async askOnce(person: string, question: Question, limits: TimeLimits, onDocstring?: OnDocstring): Promise<Answer> {
    const interpreter = await this.take(person, limits.waitMs);
    const slow = setTimeout(() => this.startSpare(), SLOW_MS);
    try {
      const value = await interpreter.ask(question, limits.answerMs, onDocstring);
      return { value, maker: await interpreter.ready };
    } finally {
      clearTimeout(slow);
      this.busyPeople.delete(person);
      this.giveBack(interpreter);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { timer } of this.idle.splice(0)) clearTimeout(timer);
    for (const each of this.waiting.splice(0)) each.reject(new Error('the server is stopping'));
    await Promise.all([...this.all].map((interpreter) => this.end(interpreter)));
  }

  private take(person: string, waitMs: number): Promise<Interpreter> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((each) => each !== entry);
        reject(new OutOfTime(`no interpreter within ${waitMs} ms`));
      }, waitMs);
      const entry: Waiting = {
        person,
        resolve: (interpreter) => {
          clearTimeout(timer);
          resolve(interpreter);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      if (this.stopped) entry.reject(new Error('the server is stopping'));
      this.waiting.push(entry);
      this.dispatch();
    });
  }

  /** Gives idle interpreters to waiting people, longest since their last turn first; takes the most recently used interpreter. */
  private dispatch(): void {
    if (this.waiting.length === 0) this.lastTurns.clear();
    for (;;) {
      const next = this.nextWaiting();
      if (!next) return;
      const ready = this.idle.pop();
      if (!ready) {
        const people = new Set(this.waiting.map(({ person }) => person).filter((person) => !this.busyPeople.has(person)));
        const starting = this.all.size - this.busyPeople.size;
        if (starting < people.size) this.start();
        return;
      }
      clearTimeout(ready.timer);
      if (!ready.interpreter.usable) continue;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.busyPeople.add(next.person);
      this.turns += 1;
      this.lastTurns.set(next.person, this.turns);
      next.resolve(ready.interpreter);
    }
  }

  private nextWaiting(): Waiting | undefined {
    const lastTurn = ({ person }: Waiting): number => this.lastTurns.get(person) ?? 0;
    const free = this.waiting.filter(({ person }) => !this.busyPeople.has(person));
    return free.reduce((first, each) => (lastTurn(each) < lastTurn(first) ? each : first), free[0]!);
  }

  private startSpare(): void {
    if (this.all.size === this.busyPeople.size) this.start();
  }

  private start(): void {
    if (this.all.size >= MAX_INTERPRETERS || this.stopped) return;
    const interpreter = takeAhead() ?? new Interpreter();
    this.all.add(interpreter);
    void interpreter.ended.then(() => {
      this.all.delete(interpreter);
      const at = this.idle.findIndex((each) => each.interpreter === interpreter);
      if (at >= 0) clearTimeout(this.idle.splice(at, 1)[0]!.timer);
      // Somebody may be waiting for it.
      this.dispatch();
    });
    interpreter.ready.then(
      () => {
        this.startWasKilled = false;
        this.giveBack(interpreter);
      },
      (error: Error) => {
        this.all.delete(interpreter);
        // When it was killed, another one is tried. When that is killed too, or for any other error, everybody waiting gets the error.
        const again = error instanceof Killed && !this.startWasKilled;
        this.startWasKilled = again;
        if (!again) for (const each of this.waiting.splice(0)) each.reject(error);
        this.dispatch();
      },
    );
  }

  private giveBack(interpreter: Interpreter): void {
    if (interpreter.usable && !this.stopped) {
      const timer = setTimeout(() => void this.end(interpreter), this.idle.length === 0 ? this.idleMs.first : this.idleMs.spare);
      timer.unref();
      this.idle.push({ interpreter, timer });
    } else {
      void this.end(interpreter);
      // Start the next one before somebody needs it.
      if (this.all.size === 0) this.start();
    }
    this.dispatch();
  }

  private async end(interpreter: Interpreter): Promise<void> {
    this.all.delete(interpreter);
    interpreter.kill();
    await interpreter.ended;
  }
}
