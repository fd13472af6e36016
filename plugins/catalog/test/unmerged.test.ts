import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptSummary } from '@ved/catalog/contract';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import { type CatalogServer, create, merge, ok, save, startCatalog } from './support/catalog-server.ts';

const TEXT = ['a = 1', 'b = 1', 'c = 1', 'd = 1', 'e = 1', ''].join('\n');

describe('unmerged work of other editors', () => {
  let dataDir = '';
  let catalog: CatalogServer;
  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ved-unmerged-'));
    catalog = await startCatalog({ dataDir });
  });
  after(async () => {
    await catalog.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function summary(id: number): Promise<ScriptSummary> {
    const list: ScriptSummary[] = await ok(catalog.viewer.get('/api/scripts'));
    return list.find((script) => script.id === id)!;
  }

  /** As `eve 0.7 ahead`, with `in newest` when the newest version includes it. */
  async function others(id: number): Promise<string[]> {
    const { other_unmerged } = await summary(id);
    return other_unmerged.map((other) =>
      [`${other.committer} ${other.major}.${other.minor} ${other.state}`, other.in_newest && 'in newest'].filter(Boolean).join(', '),
    );
  }

  /** A script on prod, and a version by each editor that the other's does not include. */
  async function diverged(eds: string, eves: string): Promise<number> {
    const { id } = await create(catalog.ed, { content: TEXT });
    await merge(catalog.ed, id, { allow_duplicate: true });
    await save(catalog.eve, id, eves);
    await save(catalog.ed, id, eds);
    return id;
  }

  it('is listed next to the newest version, as not included in it (M14)', async () => {
    const id = await diverged(TEXT.replace('a = 1', 'a = 2'), TEXT.replace('e = 1', 'e = 2'));
    expect(await summary(id)).to.include({ committer: 'ed1', minor: 3, prod_state: 'ahead' });
    expect(await others(id)).to.deep.equal(['eve 0.2 ahead']);
  });

  it('is still listed when the newest version is on prod, until it is merged itself (M14)', async () => {
    const id = await diverged(TEXT.replace('a = 1', 'a = 3'), TEXT.replace('e = 1', 'e = 3'));
    await merge(catalog.ed, id);
    expect((await summary(id)).prod_state).to.equal('same');
    expect(await others(id)).to.deep.equal(['eve 0.2 ahead']);
    await merge(catalog.eve, id);
    expect(await others(id)).to.deep.equal([]);
  });

  it('is a conflict once prod has changed the same lines (M14)', async () => {
    const id = await diverged(TEXT.replace('a = 1', 'a = 4'), TEXT.replace('a = 1', 'a = "eve"'));
    expect(await others(id)).to.deep.equal(['eve 0.2 ahead']);
    await merge(catalog.ed, id);
    expect(await others(id)).to.deep.equal(['eve 0.2 conflict']);
  });

  it('goes to prod with a newest version that was made from it (M14)', async () => {
    const { id } = await create(catalog.ed, { content: 'chain = 1\n' });
    expect(await others(id)).to.deep.equal([]);
    const { version } = await save(catalog.eve, id, 'chain = 2\n');
    expect(await others(id)).to.deep.equal(['ed1 0.1 none, in newest']);
    await save(catalog.eve, id, 'chain = 3\n', { base_version_id: version.id });
    await merge(catalog.eve, id);
    expect(await others(id)).to.deep.equal([]);
  });

  it('changes the ETag of the list', async () => {
    const id = await diverged(TEXT.replace('b = 1', 'b = 5'), TEXT.replace('e = 1', 'e = 5'));
    const { headers } = await catalog.viewer.get('/api/scripts');
    const tag = { 'If-None-Match': headers.get('ETag')! };
    expect((await catalog.viewer.get('/api/scripts', tag)).status).to.equal(304);
    await merge(catalog.eve, id);
    expect((await catalog.viewer.get('/api/scripts', tag)).status).to.equal(200);
  });

  it('is computed at the start when an older ved did not store it', async () => {
    const before = await ok(catalog.viewer.get('/api/scripts'));
    expect(before.some((script: ScriptSummary) => script.other_unmerged.length > 0)).to.equal(true);
    await catalog.stop();
    const db = openDatabase(join(dataDir, 'ved.sqlite'));
    await db('catalog_unmerged').delete();
    await db('catalog_state').update({ unmerged_known: false });
    await db.destroy();
    catalog = await startCatalog({ dataDir });
    expect(await ok(catalog.viewer.get('/api/scripts'))).to.deep.equal(before);
  });
});
