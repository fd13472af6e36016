/** All engines by id: ved's own and those that plugins register. */
import type { Engine, EngineRegistry } from '@ved/runner/contract';

export class EngineList implements EngineRegistry {
  private readonly byId = new Map<string, Engine>();

  /** Called when an engine was added or removed. */
  onChange: () => void = () => undefined;

  register(engine: Engine): () => void {
    if (this.byId.has(engine.id)) throw new Error(`an engine with the id ${engine.id} is already registered`);
    this.byId.set(engine.id, engine);
    this.onChange();
    return () => {
      if (this.byId.get(engine.id) !== engine) return;
      this.byId.delete(engine.id);
      this.onChange();
    };
  }

  get(id: string): Engine | undefined {
    return this.byId.get(id);
  }

  get all(): readonly Engine[] {
    return [...this.byId.values()];
  }

  /** Closes all engines in parallel; throws after all have been tried. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(this.all.map((engine) => engine.close()));
    const errors = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
    if (errors.length > 0) throw new AggregateError(errors, 'an engine did not close');
  }
}
