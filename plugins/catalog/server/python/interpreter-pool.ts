/**
 * Shares interpreters among people, who take turns. Each has at most one at a
 * time, and another is started before anybody would have to wait for somebody else's
 * program. One is kept while people work; none when they have stopped.
 */
import { takeAhead } from './ahead.ts';
import { Interpreter, Killed, type OnDocstring, OutOfTime, type Question } from './interpreter.ts';

/** So many people can each have a program that takes seconds, and the next one still does not wait for them. */
const MOST = 4;
/** A request under way for so long is no usual one (they take 5 ms): the next person gets an interpreter that is started now. */
const SLOW_MS = 50;
/** Long enough to stay while somebody works, short enough that a quiet server gives the memory back. */
const IDLE_MS: IdleMs = { first: 3 * 60_000, spare: 20_000 };

/** How long interpreters are kept that nobody asks; those beside the first go sooner. */
export interface IdleMs {
  readonly first: number;
  readonly spare: number;
}

interface Waiting {
  readonly person: string;
  readonly begin: (interpreter: Interpreter) => void;
  readonly fail: (error: Error) => void;
}

export interface Patience {
  /** For an interpreter: one that starts, or one's own earlier request. */
  readonly waitMs: number;
  /** For the answer, once it is asked. */
  readonly answerMs: number;
}

interface Answer {
  readonly value: unknown;
  /** Names the interpreter's fingerprints. */
  readonly maker: string;
}

export class InterpreterPool {
  private readonly idle: { interpreter: Interpreter; timer: NodeJS.Timeout }[] = [];
  private readonly all = new Set<Interpreter>();
  private readonly busyPeople = new Set<string>();
  private waiting: Waiting[] = [];
  /** When people had their last turn, counted up; forgotten once nobody waits. */
  private readonly lastTurns = new Map<string, number>();
  private turns = 0;
  private startWasKilled = false;
  private stopped = false;

  constructor(private readonly idleMs: IdleMs = IDLE_MS) {}

  /** Makes sure that one is there or on its way, and stays for a while. */
  warm(): void {
    if (this.stopped) return;
    if (this.all.size === 0) this.start();
    const [first] = this.idle;
    if (first) first.timer.refresh();
  }

  /** Asks once more when the interpreter was killed. Rejects with OutOfTime, or with Error when the text was too much for the interpreter. */
  async ask(person: string, question: Question, patience: Patience, onDocstring?: OnDocstring): Promise<Answer> {
    return this.askOnce(person, question, patience, onDocstring).catch((error: unknown) => {
      if (error instanceof Killed && !this.stopped) return this.askOnce(person, question, patience, onDocstring);
      throw error;
    });
  }

  private async askOnce(person: string, question: Question, patience: Patience, onDocstring?: OnDocstring): Promise<Answer> {
    const interpreter = await this.take(person, patience.waitMs);
    const slow = setTimeout(() => this.startSpare(), SLOW_MS);
    try {
      const value = await interpreter.ask(question, patience.answerMs, onDocstring);
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
    for (const each of this.waiting.splice(0)) each.fail(new Error('the server stops'));
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
        begin: (interpreter) => {
          clearTimeout(timer);
          resolve(interpreter);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      if (this.stopped) entry.fail(new Error('the server stops'));
      this.waiting.push(entry);
      this.dispatch();
    });
  }

  /** Whose last turn is the longest ago of those who have none, with the interpreter that was idle for the shortest time. */
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
      next.begin(ready.interpreter);
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
    if (this.all.size >= MOST || this.stopped) return;
    const interpreter = takeAhead() ?? new Interpreter();
    this.all.add(interpreter);
    void interpreter.ended.then(() => {
      this.all.delete(interpreter);
      const at = this.idle.findIndex((each) => each.interpreter === interpreter);
      if (at >= 0) clearTimeout(this.idle.splice(at, 1)[0]!.timer);
      // Whoever counted on it.
      this.dispatch();
    });
    interpreter.ready.then(
      () => {
        this.startWasKilled = false;
        this.giveBack(interpreter);
      },
      (error: Error) => {
        this.all.delete(interpreter);
        // Somebody ended it, so another is tried; of what ends the next one too, and of all else, whoever waited is told.
        const again = error instanceof Killed && !this.startWasKilled;
        this.startWasKilled = again;
        if (!again) for (const each of this.waiting.splice(0)) each.fail(error);
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
      // The next one, before anybody asks for it.
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
