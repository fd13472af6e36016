/** JupyterLab's state database, kept by the server for each person: the layout, and what panels remember. */
import { DataConnector, StateDB } from '@jupyterlab/statedb';
import { workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { tabStorage } from './tab-storage.ts';
import { WriteBehind } from './write-behind.ts';

const client = createClient(workspaceRoutes);

export interface ServerState {
  readonly db: StateDB;
  /** Sends what was not sent yet; with `keepalive` the request outlives the page. */
  flush(keepalive?: boolean): Promise<void>;
}

/** Makes the database from what the server keeps of a person. `onRefused` hears of what it would not keep. */
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

/** Whether a value is what the database writes. It lists its values as one: a single other one would hide them all. */
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

/** A connector over a map that says what changed; null is a removal. */
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
