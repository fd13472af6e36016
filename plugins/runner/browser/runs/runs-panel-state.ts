/** What the Runs panel lists, stored with the person's layout. */
import type { IStateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { z } from 'zod';
import { EVERY_RUN, RunFilter } from './run-filter.ts';

const KEY = 'ved-runs:panel';

const StoredState = z.object({ tab: z.enum(['runs', 'passes']), filter: RunFilter });
type StoredState = Readonly<z.infer<typeof StoredState>>;
export type RunsTab = StoredState['tab'];

export class RunsPanelState {
  readonly changed = new Signal<this, void>(this);
  private state: StoredState = { tab: 'runs', filter: EVERY_RUN };

  /** Without a database nothing is stored. */
  constructor(private readonly db: IStateDB | null) {}

  get tab(): RunsTab {
    return this.state.tab;
  }
  get filter(): RunFilter {
    return this.state.filter;
  }

  /** Restores the last choice; a state that another version stored and this one cannot read is ignored. */
  async restore(): Promise<void> {
    const { success, data } = StoredState.safeParse(await this.db?.fetch(KEY));
    if (success) this.set(data);
  }

  choose(change: Partial<StoredState>): void {
    this.set({ ...this.state, ...change });
    void this.db?.save(KEY, this.state);
  }

  private set(state: StoredState): void {
    this.state = state;
    this.changed.emit();
  }
}
