/**
 * Finds out which modules an interpreter has by running a script that looks them up
 * without importing them, in a sandbox like any run. Each name is looked up once per
 * image.
 */
import type { Engine, Interpreter, Limits } from '@ved/runner/contract';

const PROGRAM = `
import json, sys
from importlib.util import find_spec

def is_found(name):
    try:
        return name in sys.modules or find_spec(name) is not None
    except Exception:  # a finder that refuses has no such module
        return False

with open(sys.argv[1], encoding='utf-8') as names:
    print(json.dumps([name for name in json.load(names) if is_found(name)]))
`;
/** Cached names over all interpreters; when full, the cache is cleared. */
const MOST_NAMES = 10_000;
/** Its runs are not recorded; recorded ids start at 1. */
const RUN_ID = 0;

export class ModuleFinder {
  private readonly known = new Map<string, boolean>();
  private readonly stopping = new AbortController();
  private asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: Limits) {}

  /** The names that it finds; null if the lookup failed. */
  find(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<ReadonlySet<string> | null> {
    // One at a time, so that it takes no more resources than one run.
    const answer = this.asking.then(() => this.findInTurn(engine, interpreter, names));
    this.asking = answer.catch(() => undefined);
    return answer;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  private async findInTurn(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<ReadonlySet<string> | null> {
    const keyOf = (name: string): string => [engine.id, interpreter.name, interpreter.imageDigest, name].join(' ');
    const unknown = names.filter((name) => !this.known.has(keyOf(name)));
    if (unknown.length > 0) {
      const found = await this.ask(engine, interpreter, unknown);
      if (found === null) return null;
      if (this.known.size + unknown.length > MOST_NAMES) this.known.clear();
      for (const name of unknown) this.known.set(keyOf(name), found.includes(name));
    }
    return new Set(names.filter((name) => this.known.get(keyOf(name))));
  }

  private async ask(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<string[] | null> {
    if (this.stopping.signal.aborted) return null;
    const job = {
      runId: RUN_ID,
      script: Buffer.from(PROGRAM),
      input: Buffer.from(JSON.stringify(names)),
      limits: this.limits,
      signal: this.stopping.signal,
      lane: 'imports',
      interpreter: interpreter.name,
    };
    const said: Uint8Array[] = [];
    for await (const event of engine.run(job)) {
      if (event.type === 'output' && event.stream === 'stdout') said.push(event.data);
      if (event.type === 'exit' && event.status !== 'succeeded') return null;
    }
    return JSON.parse(Buffer.concat(said).toString('utf8'));
  }
}
