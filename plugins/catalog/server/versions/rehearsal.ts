/**
 * Rehearses a save, without the commit, while nobody is waiting: the first save
 * of a server would otherwise take three times as long as the next one, because
 * most of its code has never run.
 */
import type { PluginContext } from '@ved/core/server';
import type { Knex } from 'knex';
import { liveScript, newestContent } from '../store/catalog-store.ts';
import type { VersionWriter } from './version-writer.ts';

/** Gives the rest of the start priority. Somebody who signs in immediately leaves the main thread idle for longer, since passwords are checked on another one. */
const AFTER_START_MS = 100;

/** Starts soon. The returned function cancels it, and resolves when it is over. */
export function rehearseSoon(db: Knex, writer: VersionWriter, log: PluginContext['log']): () => Promise<void> {
  let over = Promise.resolve();
  const timer = setTimeout(() => {
    over = rehearse(db, writer).catch((error: unknown) => log.debug({ err: error }, 'could not rehearse a save'));
  }, AFTER_START_MS).unref();
  return () => {
    clearTimeout(timer);
    return over;
  };
}

async function rehearse(db: Knex, writer: VersionWriter): Promise<void> {
  const any = await db('catalog_scripts').whereNull('deleted_at').first<{ id: number } | undefined>('id');
  if (!any) return;
  const { newest } = await liveScript(db, any.id);
  const { committer, name, description } = newest;
  const parsed = { content: `${await newestContent(db, any.id)}\n`, name, description, diagnostics: [] };
  await writer.rehearse({ scriptId: any.id, kind: 'save', committer, parsed, after: newest, base: newest });
}
