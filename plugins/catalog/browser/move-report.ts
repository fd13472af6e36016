/**
 * Says what a move changed and takes it back. Moves that follow one another
 * within a moment, as keys do, are told and undone as one. What somebody else
 * changed meanwhile is never overwritten: the server is told where each script
 * is believed to be.
 */
import { Notification } from '@jupyterlab/apputils';
import type { ScriptSummary } from '@ved/catalog/contract';
import { joinRenumberings, moveWords, type Renumbering } from './move-words.ts';

/** How long a message stays, and how long the next move joins it. */
const STAY_MS = 30_000;
/** By then a notification is drawn. What it is told before, the toast may lose (`apputils-extension` makes it anew, and it has one of that name). */
const DRAWN_MS = 1_000;

export class MoveReport {
  #changes: readonly Renumbering[] = [];
  #subjects: readonly number[] = [];
  #notice: string | null = null;
  #saidAt = 0;
  /** Says the last words once more. */
  #again: ReturnType<typeof setTimeout> | undefined;

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
    const id = this.#notice;
    if (id === null) {
      this.#notice = Notification.emit(message, 'info', options);
      return;
    }
    const update = () => void Notification.update({ id, message, type: 'info', ...options });
    update();
    clearTimeout(this.#again);
    this.#again = setTimeout(update, DRAWN_MS);
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
    clearTimeout(this.#again);
    this.#changes = [];
    this.#subjects = [];
    this.#notice = null;
  }

  #nameOf(id: number): string {
    return this.find(id)?.descriptive_name ?? `Script ${id}`;
  }
}
