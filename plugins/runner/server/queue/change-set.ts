/** Collects what one transaction changes, to be told once it is durable. */
import type { Changes } from './run-queue.ts';

export class ChangeSet implements Changes {
  private readonly runIds = new Set<number>();
  private readonly passIds = new Set<number>();

  run(id: number): void {
    this.runIds.add(id);
  }

  pass(id: number): void {
    this.passIds.add(id);
  }

  get runs(): readonly number[] {
    return [...this.runIds];
  }

  get passes(): readonly number[] {
    return [...this.passIds];
  }
}
