import { Signal } from '@lumino/signaling';
import { catalogRoutes } from '@ved/catalog/contract';
import { type ApiError, createClient } from '@ved/core/browser';
import type { ScriptEditor } from '@ved/editor/contract';
import { expect } from 'chai';
import { fetchAs, until } from '../../../test/support/page-fetch.ts';
import { type CatalogServer, create, save, startCatalog } from '../../catalog/test/support/catalog-server.ts';
import { ScriptBlame } from '../browser/blame/script-blame.ts';

/** The text of an editor, without the editor. */
class EditedScript {
  readonly changed = new Signal<this, void>(this);
  scriptId: number | null = null;
  version: { id: number } | null = null;
  savedText = '';
  text = '';

  type(text: string): void {
    this.text = text;
    this.changed.emit();
  }
  show({ id, content, version }: { id: number; content: string; version: { id: number } }): void {
    [this.scriptId, this.version, this.savedText] = [id, version, content];
    this.type(content);
  }
}

describe('who wrote the lines in an editor', () => {
  let catalog: CatalogServer;
  let restoreFetch: () => void;
  let script: { id: number; content: string; version: { id: number } };
  let edited: EditedScript;
  let blame: ScriptBlame;

  before(async () => {
    catalog = await startCatalog();
    restoreFetch = fetchAs(catalog.viewer);
    const { id } = await create(catalog.ed, { content: 'a = 1\nb = 2\nc = 3\n' });
    script = await save(catalog.eve, id, 'a = 1\nb = 20\nc = 3\n');
  });
  after(async () => {
    restoreFetch();
    await catalog.stop();
  });
  beforeEach(() => {
    edited = new EditedScript();
  });
  afterEach(() => blame.dispose());

  const watch = () => {
    blame = new ScriptBlame(edited as unknown as ScriptEditor, createClient(catalogRoutes));
  };
  const committers = () =>
    blame.runs.map((run) => `${run.first}–${run.last} ${run.author === 'unsaved' ? 'unsaved' : blame.versionOf(run)?.committer}`);
  const untilBlamed = (...expected: string[]) => until(blame.changed, () => committers().join() === expected.join());

  it('is loaded with their versions', async () => {
    edited.show(script);
    watch();
    await untilBlamed('1–1 ed1', '2–2 eve', '3–3 ed1');
    expect(blame.versionOf(blame.runs[1]!)?.id).to.equal(script.version.id);
  });

  it('follows what is typed, and what is undone', async () => {
    edited.show(script);
    watch();
    await untilBlamed('1–1 ed1', '2–2 eve', '3–3 ed1');
    edited.type('new\na = 1\nb = 20\nc = 3\n');
    await untilBlamed('1–1 unsaved', '2–2 ed1', '3–3 eve', '4–4 ed1');
    edited.type(script.content);
    await untilBlamed('1–1 ed1', '2–2 eve', '3–3 ed1');
  });

  it('is loaded again when the text is saved', async () => {
    edited.show(script);
    watch();
    await untilBlamed('1–1 ed1', '2–2 eve', '3–3 ed1');
    script = await save(catalog.eve, script.id, 'a = 1\nb = 20\nc = 30\n');
    edited.show(script);
    await untilBlamed('1–1 ed1', '2–2 eve', '3–3 eve');
  });

  it('is nobody yet in a script that was never saved', async () => {
    watch();
    edited.type('a\nb');
    await untilBlamed('1–2 unsaved');
    expect(blame.error).to.equal(null);
  });

  it('says why it could not be loaded, and can be retried', async () => {
    const signIn = fetchAs(catalog.server.agent());
    edited.show(script);
    watch();
    await until(blame.changed, () => blame.error !== null);
    signIn();
    expect((blame.error as ApiError).status).to.equal(401);
    blame.retry();
    await until(blame.changed, () => blame.runs.length > 0);
    expect(blame.error).to.equal(null);
  });
});
