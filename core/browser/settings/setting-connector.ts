/** The user's settings: schemas come with the page, values from the server. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { DataConnector } from '@jupyterlab/statedb';
import { workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { tabStorage } from '../state/tab-storage.ts';
import { WriteBehind } from '../state/write-behind.ts';
import { fittingSettings } from './fitting-settings.ts';

const client = createClient(workspaceRoutes);

export class SettingConnector extends DataConnector<ISettingRegistry.IPlugin, string> {
  private readonly raw: Map<string, string>;
  private readonly writes: WriteBehind<string>;

  /** `initial` is raw text by plugin id; values without a schema are kept unchanged. */
  constructor(
    private readonly schemas: ReadonlyMap<string, ISettingRegistry.ISchema>,
    username: string,
    initial: Readonly<Record<string, string>>,
    onRefused: (error: unknown) => void,
  ) {
    super();
    this.raw = new Map(Object.entries(initial));
    this.writes = new WriteBehind({
      send: async (batch, options) => {
        await Promise.all([...batch].map(([id, raw]) => client.writeSetting({ params: { id }, body: { raw } }, options)));
      },
      onRefused,
      kept: tabStorage(`ved:unconfirmed-settings:${username}`),
    });
    for (const [id, raw] of this.writes.unconfirmed) this.raw.set(id, raw);
  }

  override async fetch(id: string): Promise<ISettingRegistry.IPlugin | undefined> {
    const schema = this.schemas.get(id);
    if (!schema) return undefined;
    const raw = fittingSettings(schema, this.raw.get(id) ?? '{}');
    return { id, raw, schema: structuredClone(schema), version: '1', data: { composite: {}, user: {} } };
  }

  override async list(): Promise<{ ids: string[]; values: ISettingRegistry.IPlugin[] }> {
    const ids = [...this.schemas.keys()];
    const values = await Promise.all(ids.map((id) => this.fetch(id)));
    return { ids, values: values.filter((value) => value !== undefined) };
  }

  override async save(id: string, raw: string): Promise<void> {
    this.raw.set(id, raw);
    this.writes.set(id, raw);
  }

  /** Sends pending changes. */
  flush(keepalive?: boolean): Promise<void> {
    return this.writes.flush(keepalive);
  }
}
