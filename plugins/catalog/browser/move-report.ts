/**
 * Says what a move changed and takes it back. Moves that follow one another
 * within a moment, as keys do, are told and undone as one. What somebody else
 * changed meanwhile is never overwritten: the server is told where each script
 * is believed to be.
 */
import { Notification } from '@jupyterlab/apputils';
import type { ScriptSummary } from '@ved/catalog/contract';
import { formatNumber, groupOf } from './move-plan.ts';

/** A script that got another number, in hundredths. */
export interface Renumbering {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** How long a message stays, and how long the next move joins it. */
const STAY_MS = 15_000;
/** Others that are named; more are counted. */
const NAMED = 2;

/** What became of several moves: each script's first number and its last; none for one that is back. */
export function joinRenumberings(before: readonly Renumbering[], after: readonly Renumbering[]): Renumbering[] {
  const joined = new Map(before.map((each) => [each.id, each]));
  for (const { id, from, to } of after) joined.set(id, { id, from: joined.get(id)?.from ?? from, to });
  return [...joined.values()].filter(({ from, to }) => from !== to);
}

/** `3.02 Clean orders moved to group 4 as 4.01. 3.03 Sort is 3.02 now.` */
export function moveWords(changes: readonly Renumbering[], subjects: readonly number[], nameOf: (id: number) => string): string {
  const moved = changes.filter(({ id }) => subjects.includes(id));
  const others = changes.filter(({ id }) => !subjects.includes(id));
  const sentences = moved.map(({ id, from, to }) => {
    const group = groupOf(to) === groupOf(from) ? '' : ` group ${groupOf(to)} as`;
    return `${formatNumber(from)} ${nameOf(id)} moved to${group} ${formatNumber(to)}.`;
  });
  if (others.length > NAMED) sentences.push(`${others.length} others were renumbered.`);
  else for (const { id, from, to } of others) sentences.push(`${formatNumber(from)} ${nameOf(id)} is ${formatNumber(to)} now.`);
  return sentences.join(' ');
}

export class MoveReport {
  #changes: readonly Renumbering[] = [];
  #subjects: readonly number[] = [];
  #notice: string | null = null;
  #saidAt = 0;

  constructor(
    private readonly find: (id: number) => ScriptSummary | undefined,
    /** Carries out what undoes the moves; throws what the server refuses. */
    private readonly reorder: (moves: readonly Renumbering[]) => Promise<void>,
  ) {}

  get canUndo(): boolean {
    return this.#changes.length > 0;
  }

  /** Tells of moves that were just carried out, of which a person moved one script. */
  say(changes: readonly Renumbering[], subject: number): void {
    const joins = this.#notice !== null && Notification.manager.has(this.#notice) && performance.now() - this.#saidAt < STAY_MS;
    if (!joins) this.forget();
    this.#changes = joinRenumberings(this.#changes, changes);
    this.#subjects = [...new Set([...this.#subjects, subject])];
    this.#saidAt = performance.now();
    const back = this.#changes.length === 0;
    const message = back
      ? `${this.#nameOf(subject)} is back where it was.`
      : moveWords(this.#changes, this.#subjects, (id) => this.#nameOf(id));
    const actions = back ? [] : [{ label: 'Undo', callback: () => void this.undo() }];
    const options = { autoClose: STAY_MS, actions };
    if (this.#notice === null) this.#notice = Notification.emit(message, 'info', options);
    else Notification.update({ id: this.#notice, message, type: 'info', ...options });
  }

  /** Takes back what was told last; says so, or why it was left as it is. */
  async undo(): Promise<void> {
    const changes = this.#changes;
    if (changes.length === 0) return;
    const what = this.#subjects.map((id) => this.#nameOf(id)).join(', ');
    const notice = this.#notice;
    this.forget();
    if (notice !== null) Notification.dismiss(notice);
    try {
      await this.reorder(changes.map(({ id, from, to }) => ({ id, from: to, to: from })));
      Notification.success(`Undone: ${what} is back where it was.`, { autoClose: 4000 });
    } catch (error) {
      Notification.error(`The move was not undone. ${(error as Error).message}`, { autoClose: false });
    }
  }

  /** What was told can no longer be undone. */
  forget(): void {
    this.#changes = [];
    this.#subjects = [];
    this.#notice = null;
  }

  #nameOf(id: number): string {
    return this.find(id)?.descriptive_name ?? `Script ${id}`;
  }
}
