/**
 * What one person may hold or have under way at once, all of it: the values, why
 * they are these, and the sentence of each refusal. Far above a day's work (a
 * dozen pages, a few clones, some passes), and so low that several people at
 * their bounds leave the server room for the rest. Plugins count with
 * `PersonShare`, or in their own tables, and refuse with what stands here.
 */
import { type Problem, type ProblemCode, TooManyRequests, Unavailable, Unprocessable } from '@ved/core/contract';

const MIB = 1024 * 1024;

/** A bound and its refusal. */
export interface PersonLimit {
  /** How many, or how many bytes, one person may have. */
  readonly most: number;
  /** What who wants more is told. */
  refuse(): Problem;
}

export const personLimits = {
  /** Streams of events that are open. A page has one for the workspace, and one for each run, pass or answer that it follows. */
  eventStreams: limit(64, (most) =>
    tooMany(
      'core/too-many-streams',
      `You have ${most} event streams open, the most for one person. Close some pages of ved, then try again.`,
      10,
    ),
  ),
  /** Bodies of requests that are arriving or being worked on. Two of the largest (16 MiB of test data as escaped JSON) fit. */
  bodyBytes: limit(72 * MIB, (most) =>
    tooMany(
      'core/too-much-sent',
      `You are sending more than ${mib(most)} at once, the most for one person. Send the rest when this is done.`,
      5,
    ),
  ),
  /** Answers that are made and that the client has not taken yet. Three of the largest (16 MiB of test data) fit. */
  answerBytes: limit(64 * MIB, (most) =>
    tooMany(
      'core/too-much-unread',
      `More than ${mib(most)} of answers to you are still being sent, the most for one person. Read them or close their connections, then ask again.`,
      5,
    ),
  ),
  /** Settings, by their raw text. People change a few lines; all schemas together are 30 KiB. */
  settingsBytes: limit(1 * MIB, (most) =>
    full(
      'workspace/settings-full',
      `Your settings would take more than ${mib(most)}, the most for one person. Remove some of them, then try again.`,
    ),
  ),
  /** The layout and what panels remember; all of it is in the first answer of every page. */
  stateBytes: limit(2 * MIB, (most) =>
    full(
      'workspace/state-full',
      `The layout and what panels remember would take more than ${mib(most)}, the most for one person. Close some tabs, or choose View > Reset Layout.`,
    ),
  ),
  /** Of settings, and of keys of the state; the workspace has some dozens. */
  stateEntries: limit(500, (most) =>
    full('workspace/too-many', `More than ${most} entries cannot be kept for one person. Remove some of them, then try again.`),
  ),
  /** One value of the state; the layout of a hundred tabs is 50 KiB. */
  stateValueBytes: limit(1 * MIB, (most) =>
    full('workspace/value-too-large', `A value of the state is larger than ${mib(most)}, the most that is kept. Keep less in it.`),
  ),
  /** Pages that say what they have open. One that is gone counts until it is forgotten. */
  presencePages: limit(48, (most) =>
    tooMany(
      'editor/too-many-pages',
      `You have ved open in ${most} pages, the most for one person. Close some; they are forgotten within 45 s.`,
      45,
    ),
  ),
  /** Different scripts that a person has open in all pages: everybody is told all of them at every change. */
  presenceScripts: limit(200, (most) =>
    full('editor/too-many-open', `You have more than ${most} scripts open, the most that others are shown. Close some tabs.`),
  ),
  /** Single runs that wait: far more than anybody starts by hand, few enough to be refused before a disk fills. */
  waitingRuns: limit(1000, (most) =>
    busy('runner/queue-full', `You already have ${most} runs waiting, the most for one person. Wait for some to end, or cancel them.`, 10),
  ),
  /** Passes that are not over. One goes on at a time, and each has a row for every script on prod. */
  openPasses: limit(20, (most) =>
    busy(
      'runner/too-many-passes',
      `You already have ${most} passes that are not over, the most for one person. Wait for one to end, or cancel some.`,
      30,
    ),
  ),
  /** Runs that wait until their packages are installed, one set at a time. Nothing is refused: what is beyond stays queued, with this as its reason. */
  packageWaits: limit(4, (most) =>
    busy('runner/packages-busy', `Waits for its turn to have its packages installed: ${most} runs of one person do so at a time.`, 10),
  ),
  /** Programs that serve a clone or a fetch: each takes a core. Further ones wait in turn. */
  cloneProcesses: limit(3, () =>
    busy('git/busy', 'Your other clones have not ended. Wait for them, or end those that have stopped reading, then try again.', 10),
  ),
  /** Requests of clones that are being read or wait in turn: as many as a dozen clones need that begin at once. */
  cloneRequests: limit(16, (most) =>
    tooMany(
      'git/too-many-clones',
      `You have ${most} requests of clones under way, the most for one person. Let some end, then try again.`,
      10,
    ),
  ),
} as const;

/** What all people together may take of what one may take much of. Who meets these comes back later; it is nobody's own doing. */
export const serverLimits = {
  /** As those of a person. */
  bodyBytes: limit(192 * MIB, () => busy('core/busy', 'The server is receiving as much as it can hold. Try again in a few seconds.', 5)),
  /** As those of a person. */
  answerBytes: limit(192 * MIB, () => busy('core/busy', 'The server is sending as much as it can hold. Try again in a few seconds.', 5)),
  /** As those of a person: each has its test data in memory. */
  packageWaits: limit(16, (most) =>
    busy('runner/packages-busy', `Waits for its turn to have its packages installed: ${most} runs of all people do so at a time.`, 10),
  ),
  /** As those of a person. */
  cloneProcesses: limit(8, () => busy('git/busy', 'Too many clones are being served. Try again in a few seconds.', 5)),
} as const;

/** Counts what each person holds of one thing. */
export class PersonShare {
  readonly #held = new Map<string, number>();
  #total = 0;

  /** `overall` bounds what all hold together. */
  constructor(
    private readonly limit: PersonLimit,
    private readonly overall?: PersonLimit,
  ) {}

  /** What a person holds now. */
  held(person: string): number {
    return this.#held.get(person) ?? 0;
  }

  /** Why a person may not have so much more; null when it is fine. Nobody is refused the first, however large it is. */
  objection(person: string, amount = 1): PersonLimit | null {
    const held = this.held(person);
    if (held > 0 && held + amount > this.limit.most) return this.limit;
    if (this.overall && this.#total > 0 && this.#total + amount > this.overall.most) return this.overall;
    return null;
  }

  /** Takes as much; the function that is returned gives it back, once. Throws the refusal. */
  take(person: string, amount = 1): () => void {
    const objection = this.objection(person, amount);
    if (objection) throw objection.refuse();
    return this.hold(person, amount);
  }

  /** Takes as much whatever the bounds say. */
  hold(person: string, amount = 1): () => void {
    this.#add(person, amount);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#add(person, -amount);
    };
  }

  #add(person: string, amount: number): void {
    const held = this.held(person) + amount;
    if (held === 0) this.#held.delete(person);
    else this.#held.set(person, held);
    this.#total += amount;
  }
}

function tooMany(code: ProblemCode<429>, detail: string, retryAfterSeconds: number): Problem {
  return new TooManyRequests(code, detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });
}

function busy(code: ProblemCode<503>, detail: string, retryAfterSeconds: number): Problem {
  return new Unavailable(code, detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });
}

function full(code: ProblemCode<422>, detail: string): Problem {
  return new Unprocessable(code, detail);
}

function limit(most: number, refuse: (most: number) => Problem): PersonLimit {
  return { most, refuse: () => refuse(most) };
}

function mib(bytes: number): string {
  return `${bytes / MIB} MiB`;
}
