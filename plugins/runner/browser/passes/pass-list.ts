/** The newest passes. */
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type Pass, passChanged, runnerRoutes } from '@ved/runner/contract';
import { NewestFirst } from '../runs/newest-first.ts';

const client = createClient(runnerRoutes);

export class PassList extends NewestFirst<Pass> {
  constructor(live: LiveEvents) {
    super(live);
    this.on(passChanged, ({ pass }) => this.take(pass));
  }

  protected page(before: number | undefined): Promise<Pass[]> {
    return client.listPasses({ query: { before } });
  }

  protected includes(): boolean {
    return true;
  }
}
