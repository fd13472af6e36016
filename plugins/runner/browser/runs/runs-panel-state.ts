/** What the Runs panel lists, kept with the person's layout. */
import type { IStateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { z } from 'zod';
import { EVERY_RUN, RunFilter } from './run-filter.ts';

const KEY = 'ved-runs:panel';

const Kept = z.object({ tab: z.enum(['runs', 'passes']), filter: RunFilter });
type Kept = Readonly<z.infer<typeof Kept>>;
export type RunsTab = Kept['tab'];

export class RunsPanelState {
  readonly changed = new Signal<this, void>(this);
  #kept: Kept = { tab: 'runs', filter: EVERY_RUN };

  /** Without a database nothing is kept. */
  constructor(private readonly db: IStateDB | null) {}

  get tab(): RunsTab {
    return this.#kept.tab;
  }
  get filter(): RunFilter {
    return this.#kept.filter;
  }

  /** Takes up what the person chose last; what an older or newer page kept and this one cannot read is left. */
  async restore(): Promise<void> {
    const { success, data } = Kept.safeParse(await this.db?.fetch(KEY));
    if (success) this.#take(data);
  }

  choose(change: Partial<Kept>): void {
    this.#take({ ...this.#kept, ...change });
    void this.db?.save(KEY, this.#kept);
  }

  #take(kept: Kept): void {
    this.#kept = kept;
    this.changed.emit();
  }
}
