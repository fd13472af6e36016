/**
 * Reports what a move changed and undoes it. Moves in quick succession, as by
 * keyboard, are reported and undone as one. Undoing never overwrites somebody
 * else's change, because the request says where each script should be.
 */
import { Notification } from '@jupyterlab/apputils';
import type { ScriptSummary } from '@ved/catalog/contract';
import { joinRenumberings, moveWords, type Renumbering } from './move-words.ts';

/** How long a message stays, and within which the next move joins it. */
const STAY_MS = 30_000;
/** By then the notification is drawn. The toast may lose an earlier update, as `apputils-extension` recreates it. */
const DRAWN_MS = 1_000;

export class MoveReport {
  private changes: readonly Renumbering[] = [];
  private subjects: readonly number[] = [];
  private notice: string | null = null;
  private reportedAt = 0;
  /** Repeats the last update. */
  private repeat: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly find: (id: number) => ScriptSummary | undefined,
    /** Applies the moves that undo; throws when the server refuses. */
    private readonly reorder: (moves: readonly Renumbering[]) => Promise<void>,
  ) {}

  get canUndo(): boolean {
    return this.changes.length > 0;
  }

  /** Reports moves that were just made; `subject` is the script that the user moved. */
  report(changes: readonly Renumbering[], subject: number): void {
    const joins = this.notice !== null && Notification.manager.has(this.notice) && performance.now() - this.reportedAt < STAY_MS;
    if (!joins) this.forget();
    this.changes = joinRenumberings(this.changes, changes);
    this.subjects = [...new Set([...this.subjects, subject])];
    this.reportedAt = performance.now();
    const back = this.changes.length === 0;
    const message = back
      ? `${this.nameOf(subject)} is back where it was.`
      : moveWords(this.changes, this.subjects, (id) => this.nameOf(id));
    const actions = back ? [] : [{ label: 'Undo', callback: () => void this.undo() }];
    const options = { autoClose: STAY_MS, actions };
    const id = this.notice;
    if (id === null) {
      this.notice = Notification.emit(message, 'info', options);
      return;
    }
    const update = () => void Notification.update({ id, message, type: 'info', ...options });
    update();
    clearTimeout(this.repeat);
    this.repeat = setTimeout(update, DRAWN_MS);
  }

  /** Undoes what was reported last, and says so, or why it could not. */
  async undo(): Promise<void> {
    const changes = this.changes;
    if (changes.length === 0) return;
    const what = this.subjects.map((id) => this.nameOf(id)).join(', ');
    const notice = this.notice;
    this.forget();
    if (notice !== null) Notification.dismiss(notice);
    try {
      await this.reorder(changes.map(({ id, from, to }) => ({ id, from: to, to: from })));
      Notification.success(`Undone: ${what} is back where it was.`, { autoClose: 4000 });
    } catch (error) {
      Notification.error(`The move could not be undone. ${(error as Error).message}`, { autoClose: false });
    }
  }

  /** The last report can no longer be undone. */
  forget(): void {
    clearTimeout(this.repeat);
    this.changes = [];
    this.subjects = [];
    this.notice = null;
  }

  private nameOf(id: number): string {
    return this.find(id)?.descriptive_name ?? `Script ${id}`;
  }
}
