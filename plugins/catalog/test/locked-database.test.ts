import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { type CatalogServer, create, ok, save, startCatalog } from './support/catalog-server.ts';

/** Another program that holds SQLite's write lock from its first line of output until its input ends. */
const HOLDER = `
const sqlite3 = require('sqlite3');
const db = new sqlite3.Database(process.argv[1]);
db.exec('BEGIN IMMEDIATE', (error) => {
  if (error) throw error;
  console.log('locked');
  process.stdin.resume();
  process.stdin.on('end', () => db.exec('COMMIT', () => db.close()));
});
`;

describe('a database that another program has locked', () => {
  let catalog: CatalogServer;
  let holder: ChildProcess | null = null;
  before(async () => {
    catalog = await startCatalog();
  });
  afterEach(() => holder?.kill('SIGKILL'));
  after(() => catalog.stop());

  /** Resolves once the lock is held, with a function that releases it. */
  async function lock(): Promise<() => Promise<void>> {
    const child = spawn(process.execPath, ['-e', HOLDER, join(catalog.server.dataDir, 'ved.sqlite')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    holder = child;
    const ended = once(child, 'exit');
    await once(createInterface({ input: child.stdout! }), 'line');
    return async () => {
      child.stdin!.end();
      expect((await ended)[0]).to.equal(0);
    };
  }

  const contentOf = async (id: number): Promise<string> => (await ok(catalog.viewer.get(`/api/scripts/${id}`))).content;

  it('delays a save until the lock is released, but not reads', async () => {
    const { id } = await create(catalog.ed, { content: 'before\n' });
    const release = await lock();
    const saving = save(catalog.ed, id, 'waited\n');
    expect(await contentOf(id)).to.equal('before\n');
    await release();
    expect((await saving).content).to.equal('waited\n');
  });

  exhaustive.it('is answered with 503 while it lasts, and each save exists exactly once afterwards', async () => {
    const { id } = await create(catalog.ed, { content: 'before\n' });
    const release = await lock();
    const { status, headers, body } = await catalog.ed.put(`/api/scripts/${id}`, { content: 'tried\n' });
    expect([status, body.code]).to.deep.equal([503, 'core/busy']);
    expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
    expect(await contentOf(id)).to.equal('before\n');
    await release();
    const again = await save(catalog.ed, id, 'tried\n');
    expect([again.content, again.version.major, again.version.minor]).to.deep.equal(['tried\n', 0, 2]);
    await save(catalog.ed, id, 'later\n');
    const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    expect(versions.map(({ minor }: { minor: number }) => minor)).to.deep.equal([3, 2, 1]);
  });
});
