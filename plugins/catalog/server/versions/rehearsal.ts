/**
 * Goes through a save while nobody waits for one, all but the commit: the first
 * save of a server would otherwise take three times as long as the next, as
 * most of its code has never run.
 */
import type { PluginContext } from '@ved/core/server';
import type { Knex } from 'knex';
import { liveScript, newestContent } from '../store/catalog-store.ts';
import type { VersionWriter } from './version-writer.ts';

/** What the server starts with comes first; and who signs in at once keeps it idle for longer, as passwords are checked beside it. */
const AFTER_START_MS = 100;

/** Begins soon. What is returned calls it off, and resolves when it is over. */
export function rehearseSoon(db: Knex, writer: VersionWriter, log: PluginContext['log']): () => Promise<void> {
  let over = Promise.resolve();
  const timer = setTimeout(() => {
    over = rehearse(db, writer).catch((error: unknown) => log.debug({ err: error }, 'a save could not be rehearsed'));
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
