/** JupyterLab's state database, stored on the server for each person: the layout and the state of panels. */
import { DataConnector, StateDB } from '@jupyterlab/statedb';
import { workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { tabStorage } from './tab-storage.ts';
import { WriteBehind } from './write-behind.ts';

const client = createClient(workspaceRoutes);

export interface ServerState {
  readonly db: StateDB;
  /** Sends pending changes; with `keepalive` the request outlives the page. */
  flush(keepalive?: boolean): Promise<void>;
}

/** Creates the database from a person's stored state. `onRefused` is called when the server refuses a value. */
export function createServerState(
  username: string,
  initial: Readonly<Record<string, unknown>>,
  onRefused: (error: unknown) => void,
): ServerState {
  const values = new Map(Object.entries(initial).filter(isReadable));
  const writes = new WriteBehind<string | null>({
    send: async (batch, options) => void (await client.writeState({ body: { values: Object.fromEntries(batch) } }, options)),
    onRefused,
    kept: tabStorage(`ved:unconfirmed-state:${username}`),
  });
  for (const [key, value] of writes.unconfirmed) {
    const entry = [key, value] as const;
    if (value === null) values.delete(key);
    else if (isReadable(entry)) values.set(...entry);
  }
  const connector = new MapConnector(values, (key, value) => writes.set(key, value));
  return { db: new StateDB({ connector }), flush: (keepalive) => writes.flush(keepalive) };
}

/** Whether a value was written by the database. It parses all values together, so a single other one would hide them all. */
function isReadable(entry: readonly [string, unknown]): entry is [string, string] {
  const value = entry[1];
  if (typeof value !== 'string') return false;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && 'v' in parsed;
  } catch {
    return false;
  }
}

/** A connector over a map that reports changes; null is a removal. */
class MapConnector extends DataConnector<string> {
  constructor(
    private readonly values: Map<string, string>,
    private readonly changed: (key: string, value: string | null) => void,
  ) {
    super();
  }

  override async fetch(id: string): Promise<string | undefined> {
    return this.values.get(id);
  }

  override async list(query = ''): Promise<{ ids: string[]; values: string[] }> {
    const entries = [...this.values].filter(([id]) => query === '' || id.split(':')[0] === query);
    return { ids: entries.map(([id]) => id), values: entries.map(([, value]) => value) };
  }

  override async save(id: string, value: string): Promise<void> {
    if (this.values.get(id) === value) return;
    this.values.set(id, value);
    this.changed(id, value);
  }

  override async remove(id: string): Promise<void> {
    if (this.values.delete(id)) this.changed(id, null);
  }
}
