/** The newest runs, all or filtered. */
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type RunListItem, runChanged, runnerRoutes } from '@ved/runner/contract';
import { NewestFirst } from './newest-first.ts';
import { EVERY_RUN, passesFilter, type RunFilter } from './run-filter.ts';

const client = createClient(runnerRoutes);

export class RunList extends NewestFirst<RunListItem> {
  /** The names of people who have started a run. */
  starters: readonly string[] = [];
  private currentFilter = EVERY_RUN;

  constructor(live: LiveEvents) {
    super(live);
    this.on(runChanged, ({ run }) => {
      if (!this.starters.includes(run.started_by)) this.starters = [...this.starters, run.started_by].sort();
      this.take(run);
    });
  }

  get filter(): RunFilter {
    return this.currentFilter;
  }

  /** Changes the filter. Nothing is requested before the list is first shown. */
  show(filter: RunFilter): void {
    this.currentFilter = filter;
    if (this.loaded || this.error) this.reload();
    this.changed.emit();
  }

  protected async page(before: number | undefined): Promise<RunListItem[]> {
    if (before === undefined) this.starters = await client.runStarters();
    return client.listRuns({ query: { ...this.currentFilter, before } });
  }

  protected includes(run: RunListItem): boolean {
    return passesFilter(run, this.currentFilter);
  }
}
