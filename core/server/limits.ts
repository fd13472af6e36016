/**
 * All limits per person: the values, the reasons, and the error messages. They are
 * far above normal use (a dozen pages, a few clones, some passes), and low enough
 * that several people at their limits leave capacity for the rest. Plugins count
 * with `PersonShare`, or in their own tables, and throw the errors defined here.
 */
import { type Problem, type ProblemCode, TooManyRequests, Unavailable, Unprocessable } from '@ved/core/contract';

const MIB = 1024 * 1024;

/** A limit and its error. */
export interface PersonLimit {
  /** The most, in pieces or bytes, that one person may have. */
  readonly most: number;
  /** The error for anything more. */
  refuse(): Problem;
}

export const personLimits = {
  /** Open event streams. A page has one for the workspace, and one for each run, pass or answer it follows. */
  eventStreams: limit(64, (most) =>
    tooMany(
      'core/too-many-streams',
      `You have ${most} event streams open, the most for one person. Close some ved pages, then try again.`,
      10,
    ),
  ),
  /** Request bodies that are arriving or being processed. Two of the largest (16 MiB of test data as escaped JSON) fit. */
  bodyBytes: limit(72 * MIB, (most) =>
    tooMany(
      'core/too-much-sent',
      `You are sending more than ${mib(most)} at the same time, the most for one person. Send the rest when that is done.`,
      5,
    ),
  ),
  /** Responses that the client has not read yet. Three of the largest (16 MiB of test data) fit. */
  answerBytes: limit(64 * MIB, (most) =>
    tooMany(
      'core/too-much-unread',
      `More than ${mib(most)} of responses to you are still being sent, the most for one person. Read them or close their connections, then try again.`,
      5,
    ),
  ),
  /** Settings, as raw text. People change a few lines; all schemas together are 30 KiB. */
  settingsBytes: limit(1 * MIB, (most) =>
    full(
      'workspace/settings-full',
      `Your settings would exceed ${mib(most)}, the most for one person. Remove some of them, then try again.`,
    ),
  ),
  /** The layout and the state of panels; all of it is in the first response to every page. */
  stateBytes: limit(2 * MIB, (most) =>
    full(
      'workspace/state-full',
      `The layout and the state of panels would exceed ${mib(most)}, the most for one person. Close some tabs, or choose View > Reset Layout.`,
    ),
  ),
  /** Settings, and state keys; the workspace uses a few dozen. */
  stateEntries: limit(500, (most) =>
    full('workspace/too-many', `You would have more than ${most} entries, the most for one person. Remove some of them, then try again.`),
  ),
  /** One state value; the layout of a hundred tabs is 50 KiB. */
  stateValueBytes: limit(1 * MIB, (most) =>
    full('workspace/value-too-large', `A state value is larger than ${mib(most)}, the most that is stored. Make it smaller.`),
  ),
  /** Pages that report what they have open. A closed one counts until it is forgotten. */
  presencePages: limit(48, (most) =>
    tooMany(
      'editor/too-many-pages',
      `You have ved open in ${most} pages, the most for one person. Close some; closed pages stop counting within 45 s.`,
      45,
    ),
  ),
  /** Different scripts that a person has open in all pages; all of them are sent to everybody at every change. */
  presenceScripts: limit(200, (most) =>
    full('editor/too-many-open', `You have more than ${most} scripts open, the most that is shown to others. Close some tabs.`),
  ),
  /** Waiting single runs: far more than anybody starts by hand, few enough to refuse before a disk fills up. */
  waitingRuns: limit(1000, (most) =>
    busy('runner/queue-full', `You already have ${most} runs waiting, the most for one person. Wait for some to end, or cancel them.`, 10),
  ),
  /** Unfinished passes. One runs at a time, and each has a row for every script on prod. */
  openPasses: limit(20, (most) =>
    busy(
      'runner/too-many-passes',
      `You already have ${most} unfinished passes, the most for one person. Wait for one to end, or cancel some.`,
      30,
    ),
  ),
  /** Runs that wait until their packages are installed, one set at a time. Nothing is refused: further runs stay queued, with this as the reason. */
  packageWaits: limit(4, (most) =>
    busy('runner/packages-busy', `Waiting to install its packages: at most ${most} runs of one person do so at a time.`, 10),
  ),
  /** Processes that serve a clone or a fetch: each takes a core. Further ones wait. */
  cloneProcesses: limit(3, () =>
    busy('git/busy', 'Your other clones are still running. Wait for them, or end those that have stopped reading, then try again.', 10),
  ),
  /** Clone requests that are running or waiting: as many as a dozen clones started at the same time need. */
  cloneRequests: limit(16, (most) =>
    tooMany(
      'git/too-many-clones',
      `You have ${most} clone requests in progress, the most for one person. Wait for some to finish, then try again.`,
      10,
    ),
  ),
} as const;

/** Limits over all people, for what one person may use a lot of. Clients retry later; it is not the fault of one person. */
export const serverLimits = {
  /** As per person. */
  bodyBytes: limit(192 * MIB, () =>
    busy('core/busy', 'The server is receiving too much data at the moment. Try again in a few seconds.', 5),
  ),
  /** As per person. */
  answerBytes: limit(192 * MIB, () =>
    busy('core/busy', 'The server is sending too much data at the moment. Try again in a few seconds.', 5),
  ),
  /** As per person: each has its test data in memory. */
  packageWaits: limit(16, (most) =>
    busy('runner/packages-busy', `Waiting to install its packages: at most ${most} runs in total do so at a time.`, 10),
  ),
  /** As per person. */
  cloneProcesses: limit(8, () => busy('git/busy', 'Too many clones are in progress. Try again in a few seconds.', 5)),
} as const;

/** Counts how much of one thing each person has. */
export class PersonShare {
  private readonly heldByPerson = new Map<string, number>();
  private total = 0;

  /** `overall` limits the total over all people. */
  constructor(
    private readonly limit: PersonLimit,
    private readonly overall?: PersonLimit,
  ) {}

  /** How much a person has now. */
  held(person: string): number {
    return this.heldByPerson.get(person) ?? 0;
  }

  /** The error when a person may not have this much more; null when they may. A person who has nothing is never refused, however large it is. */
  objection(person: string, amount = 1): PersonLimit | null {
    const held = this.held(person);
    if (held > 0 && held + amount > this.limit.most) return this.limit;
    if (this.overall && this.total > 0 && this.total + amount > this.overall.most) return this.overall;
    return null;
  }

  /** Counts this much; the returned function releases it, once. Throws the limit's error. */
  take(person: string, amount = 1): () => void {
    const objection = this.objection(person, amount);
    if (objection) throw objection.refuse();
    return this.hold(person, amount);
  }

  /** Counts this much, regardless of the limits. */
  hold(person: string, amount = 1): () => void {
    this.add(person, amount);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.add(person, -amount);
    };
  }

  private add(person: string, amount: number): void {
    const held = this.held(person) + amount;
    if (held === 0) this.heldByPerson.delete(person);
    else this.heldByPerson.set(person, held);
    this.total += amount;
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
