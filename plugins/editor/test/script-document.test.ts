import { catalogRoutes } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { expect } from 'chai';
import { delayNextAnswer, fetchAs } from '../../../test/support/page-fetch.ts';
import { type CatalogServer, create, save, startCatalog } from '../../catalog/test/support/catalog-server.ts';
import { ScriptDocument } from '../browser/documents/script-document.ts';
import { PlainTextBuffer } from '../browser/documents/text-buffer.ts';

describe('an open script', () => {
  let catalog: CatalogServer;
  let restoreFetch: () => void;
  let id: number;
  let script: ScriptDocument;

  before(async () => {
    catalog = await startCatalog();
    restoreFetch = fetchAs(catalog.ed);
  });
  after(async () => {
    restoreFetch();
    await catalog.stop();
  });
  beforeEach(async () => {
    const detail = await create(catalog.ed, { content: 'a = 1\n' });
    id = detail.id;
    script = new ScriptDocument({
      client: createClient(catalogRoutes),
      key: String(id),
      detail,
      content: new PlainTextBuffer(detail.content),
      testData: new PlainTextBuffer(detail.test_data),
      pinned: false,
      readOnly: false,
    });
  });
  afterEach(() => script.dispose());

  const text = () => script.content.buffer.text;
  const type = (typed: string) => script.content.buffer.replaceAll(typed);
  const label = () => `${script.version?.major}.${script.version?.minor}`;

  it('follows what somebody else saves, and says whose version it replaced', async () => {
    await save(catalog.eve, id, 'a = 2\n');
    await script.refresh();
    expect([text(), label(), script.overtaken?.content]).to.deep.equal(['a = 2\n', '0.2', 'a = 1\n']);
  });

  it('keeps what was typed when somebody else saves, also when it is saved then', async () => {
    type('a = "mine"\n');
    await save(catalog.eve, id, 'a = 2\n');
    await script.refresh();
    expect([text(), script.newer?.content, script.dirty]).to.deep.equal(['a = "mine"\n', 'a = 2\n', true]);
    expect(await script.save()).to.deep.equal({ kind: 'stale' });
    expect(await script.save({ overwrite: true })).to.deep.equal({ kind: 'saved' });
    expect([text(), label(), script.newer, script.dirty]).to.deep.equal(['a = "mine"\n', '0.3', null, false]);
  });

  it('keeps the text that was saved when an earlier response arrives late', async () => {
    const late = delayNextAnswer(`/api/scripts/${id}`);
    const refreshed = script.refresh();
    await late.reached;
    type('a = "saved"\n');
    expect(await script.save()).to.deep.equal({ kind: 'saved' });
    late.letGo();
    await refreshed;
    expect([text(), label(), script.dirty, script.overtaken]).to.deep.equal(['a = "saved"\n', '0.2', false, null]);
  });

  it('shows the newest version when an earlier response arrives late', async () => {
    const late = delayNextAnswer(`/api/scripts/${id}`);
    const refreshed = script.refresh();
    await late.reached;
    await save(catalog.eve, id, 'a = 2\n');
    await script.refresh();
    late.letGo();
    await refreshed;
    expect([text(), label()]).to.deep.equal(['a = 2\n', '0.2']);
  });

  it('saves the test data alone without a new version', async () => {
    type('a = "unsaved"\n');
    script.testData.buffer.replaceAll('1,2');
    expect(await script.saveTestData()).to.deep.equal({ kind: 'saved' });
    expect([label(), script.content.dirty, script.testData.dirty]).to.deep.equal(['0.1', true, false]);
    const { body } = await catalog.ed.get(`/api/scripts/${id}`);
    expect([body.test_data, body.content]).to.deep.equal(['1,2', 'a = 1\n']);
  });

  it('keeps what was typed when a save fails, and saves it at the next attempt', async () => {
    type('a = 2\n');
    const reconnect = fetchAs(catalog.server.agent());
    const outcome = await script.save();
    reconnect();
    expect(outcome.kind).to.equal('failed');
    expect([text(), script.dirty, script.failure !== null]).to.deep.equal(['a = 2\n', true, true]);
    expect(await script.save()).to.deep.equal({ kind: 'saved' });
    expect([script.dirty, script.failure]).to.deep.equal([false, null]);
  });

  it('can be moved to a fork with what was typed, and returns to the newest version', async () => {
    type('a = "fork"\n');
    script.testData.buffer.replaceAll('3');
    const fork = await script.moveToFork();
    expect([fork.content, fork.test_data, text(), script.dirty]).to.deep.equal(['a = "fork"\n', '3', 'a = 1\n', false]);
  });
});
