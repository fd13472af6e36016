/**
 * Knows which modules an interpreter finds, by asking it: a script that imports
 * nothing of them looks for their names, as a run of a person's would. Each name
 * is asked once for each image.
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
/** Names that are kept of all interpreters together; then it asks anew. */
const MOST_NAMES = 10_000;
/** Its runs are on no record, whose numbers begin with 1. */
const RUN_ID = 0;

export class ModuleFinder {
  readonly #known = new Map<string, boolean>();
  readonly #stopping = new AbortController();
  #asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: Limits) {}

  /** Those of the names that it finds; null where it could not be asked. */
  find(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<ReadonlySet<string> | null> {
    // One after another: beside people's runs it takes the room of one.
    const answer = this.#asking.then(() => this.#find(engine, interpreter, names));
    this.#asking = answer.catch(() => undefined);
    return answer;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#asking;
  }

  async #find(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<ReadonlySet<string> | null> {
    const keyOf = (name: string): string => [engine.id, interpreter.name, interpreter.imageDigest, name].join(' ');
    const unknown = names.filter((name) => !this.#known.has(keyOf(name)));
    if (unknown.length > 0) {
      const found = await this.#ask(engine, interpreter, unknown);
      if (found === null) return null;
      if (this.#known.size + unknown.length > MOST_NAMES) this.#known.clear();
      for (const name of unknown) this.#known.set(keyOf(name), found.includes(name));
    }
    return new Set(names.filter((name) => this.#known.get(keyOf(name))));
  }

  async #ask(engine: Engine, interpreter: Interpreter, names: readonly string[]): Promise<string[] | null> {
    if (this.#stopping.signal.aborted) return null;
    const job = {
      runId: RUN_ID,
      script: Buffer.from(PROGRAM),
      input: Buffer.from(JSON.stringify(names)),
      limits: this.limits,
      signal: this.#stopping.signal,
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
