import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { Agent } from '../../../test/support/agent.ts';
import { type Door, startDoor } from '../../../test/support/door.ts';
import { fetchAs, openStatePage, type StatePage, until } from '../../../test/support/page-fetch.ts';
import { ScriptList } from '../browser/script-list.ts';
import { type CatalogServer, create, empty, merge, save, startCatalog } from './support/catalog-server.ts';

describe('the list of scripts in a page', () => {
  let catalog: CatalogServer;
  let door: Door;
  let page: StatePage;
  let list: ScriptList;

  before(async () => {
    catalog = await startCatalog();
    door = await startDoor({ port: catalog.server.port, host: '127.0.0.1' });
    const viewer = new Agent(door.url);
    await viewer.post('/api/auth/login', { username: 'mo1', password: '2viewer' });
    page = await openStatePage(viewer);
  });
  after(async () => {
    page.close();
    await door.shut();
    await catalog.stop();
  });
  beforeEach(async () => {
    await empty(catalog);
    list = new ScriptList(page.live);
    await list.ready;
  });
  afterEach(() => list.dispose());

  const names = () => list.scripts.map((script) => script.descriptive_name);

  it('is in the order of the numbers', async () => {
    await create(catalog.ed, { content: '"""Second"""\n', ordering_number: 2 });
    await create(catalog.ed, { content: '"""First"""\n', ordering_number: 1 });
    await list.refresh();
    expect(names()).to.deep.equal(['First', 'Second']);
  });

  it('shows what others create, save, merge and delete as they do it', async () => {
    const { id } = await create(catalog.ed, { content: '"""Load"""\n' });
    await until(list.changed, () => list.find(id)?.descriptive_name === 'Load');
    await save(catalog.ed, id, '"""Load orders"""\n');
    await until(list.changed, () => list.find(id)?.descriptive_name === 'Load orders');
    await merge(catalog.ed, id);
    await until(list.changed, () => list.find(id)?.prod_state === 'same');
    await catalog.ed.delete(`/api/scripts/${id}`);
    await until(list.changed, () => list.find(id) === undefined);
  });

  it('shows what was missed once a lost connection is back', async () => {
    await door.shut();
    await until(page.live.stateChanged, () => page.live.retryAt !== null);
    await create(catalog.ed, { content: '"""Missed"""\n' });
    await door.open();
    page.live.retryNow();
    await until(list.changed, () => names().includes('Missed'));
    expect(page.live.state).to.equal('online');
  });

  it('is loaded again after every loss, since the server may no longer have what was missed', async () => {
    await list.refresh();
    const loaded = new Promise<void>((resolve) => list.changed.connect(() => resolve()));
    page.live.sessionFound();
    await loaded;
  });

  it('keeps what it had while it cannot be loaded, and says why', async () => {
    await create(catalog.ed, { content: '"""Kept"""\n' });
    await list.refresh();
    const signIn = fetchAs(catalog.server.agent());
    await list.refresh();
    signIn();
    expect((list.error as ApiError).status).to.equal(401);
    expect(names()).to.deep.equal(['Kept']);
    await list.refresh();
    expect(list.error).to.equal(null);
  });

  it('is loaded once more for everything that asks while it is being loaded', async () => {
    await list.refresh();
    let requests = 0;
    const pageFetch = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (input === '/api/scripts') requests += 1;
      return pageFetch(input, init);
    };
    try {
      await Promise.all([list.refresh(), list.refresh(), list.refresh()]);
    } finally {
      globalThis.fetch = pageFetch;
    }
    expect(requests).to.equal(2);
  });

  it('is loaded again for whoever asks as soon as it was loaded', async () => {
    let loads = 0;
    const again = new Promise<void>((resolve) => {
      list.changed.connect(() => {
        loads += 1;
        if (loads === 2) resolve();
      });
    });
    void list.refresh();
    await until(list.changed, () => loads === 1);
    void list.refresh();
    await again;
  });

  it('is not ready before it was loaded', async () => {
    const signIn = fetchAs(catalog.server.agent());
    const refused = new ScriptList(page.live);
    await until(refused.changed, () => refused.error !== null);
    signIn();
    expect(refused.loaded).to.equal(false);
    await refused.refresh();
    await refused.ready;
    refused.dispose();
  });
});
