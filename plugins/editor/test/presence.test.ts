/** Presence over HTTP: what pages announce, who may see it, and that silent pages are forgotten. */
import { personLimits } from '@ved/core/server';
import { expect } from 'chai';
import { startServer, type TestServer } from '../../../test/support/server.ts';
import { editorPlugin } from '../server/index.ts';
import { PresenceBoard } from '../server/presence-board.ts';

const page = 'page-0001';

describe('presence over HTTP', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ plugins: [editorPlugin] });
  });
  after(() => server.stop());

  const both = async () => ({ editor: await server.signIn('ed1', '1editor'), viewer: await server.signIn('mo1', '2viewer') });

  it('shows everybody who has which script open, and whether they changed it', async () => {
    const { editor, viewer } = await both();
    const announced = await editor.put(`/api/editor/presence/${page}`, { open: [{ script_id: 3, dirty: true }] });
    expect(announced.body).to.deep.equal({ ok: true });
    await viewer.put(`/api/editor/presence/${page}`, { open: [{ script_id: 3, dirty: false }] });
    const { body } = await viewer.get('/api/editor/presence');
    expect(body).to.deep.equal([
      { username: 'ed1', script_id: 3, dirty: true, typing: false },
      { username: 'mo1', script_id: 3, dirty: false, typing: false },
    ]);
  });

  it('notifies every page of changes, but not of repeated announcements', async () => {
    const { editor, viewer } = await both();
    await editor.put(`/api/editor/presence/${page}`, { open: [{ script_id: 5, dirty: false }] });
    const events = viewer.events('/api/events');
    expect((await events.next()).value).to.include({ event: 'ready' });
    const next = nextPresence(events);
    await editor.put(`/api/editor/presence/${page}`, { open: [{ script_id: 5, dirty: false }] });
    await editor.put(`/api/editor/presence/${page}`, { open: [{ script_id: 6, dirty: false }] });
    const present = await next;
    expect(present.filter(({ username }) => username === 'ed1')).to.deep.equal([
      { username: 'ed1', script_id: 6, dirty: false, typing: false },
    ]);
  });

  it('forgets a page that has nothing open', async () => {
    const { editor } = await both();
    await editor.put(`/api/editor/presence/${page}`, { open: [{ script_id: 9, dirty: false }] });
    await editor.put(`/api/editor/presence/${page}`, { open: [] });
    const { body } = await editor.get('/api/editor/presence');
    expect(body.filter(({ username }: { username: string }) => username === 'ed1')).to.deep.equal([]);
  });

  it('accepts a dozen pages, and refuses more than one person needs without changing anything', async () => {
    const { editor, viewer } = await both();
    const put = (name: string, ids: number[]) =>
      editor.put(`/api/editor/presence/${name}`, { open: ids.map((script_id) => ({ script_id, dirty: false })) });
    const range = (length: number, from = 1) => Array.from({ length }, (_, index) => from + index);
    const pages = range(personLimits.presencePages.most).map((number) => `some-page-${number}`);
    for (const name of pages) expect((await put(name, range(12))).status).to.equal(200);
    const refused = await put('one-page-more', [7]);
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).to.deep.equal([429, 'editor/too-many-pages', '45']);
    expect(refused.body.detail).to.contain('48 pages').and.to.contain('Close some');
    expect((await put(pages[0]!, range(200))).status).to.equal(200);
    const { body: before } = await viewer.get('/api/editor/presence');
    const tooMany = await put(pages[1]!, range(2, 200));
    expect([tooMany.status, tooMany.body.code]).to.deep.equal([422, 'editor/too-many-open']);
    expect((await viewer.get('/api/editor/presence')).body).to.deep.equal(before);
    expect((await viewer.put(`/api/editor/presence/${page}`, { open: [{ script_id: 1, dirty: false }] })).status).to.equal(200);
    for (const name of pages) await put(name, []);
    expect((await put('one-page-more', [])).status).to.equal(200);
  });

  it('refuses requests without a session, with a bad page name, or with a malformed body', async () => {
    const { editor } = await both();
    const put = (agent: typeof editor, name: string, body: unknown) => agent.put(`/api/editor/presence/${name}`, body);
    expect((await server.agent().get('/api/editor/presence')).status).to.equal(401);
    expect((await put(server.agent(), page, { open: [] })).status).to.equal(401);
    expect((await put(editor, 'a b', { open: [] })).status).to.equal(400);
    expect((await put(editor, page, { open: [{ script_id: 'x' }] })).status).to.equal(400);
  });
});

describe('the presence board', () => {
  it('merges the pages of one person, dirty when any of them is', () => {
    const board = new PresenceBoard({ silenceLimitMs: 60_000, typingLimitMs: 60_000, onChange: () => undefined });
    board.announce('ed1', 'first', [{ script_id: 1, dirty: false }]);
    board.announce('ed1', 'second', [{ script_id: 1, dirty: true }]);
    expect(board.list()).to.deep.equal([{ username: 'ed1', script_id: 1, dirty: true, typing: false }]);
    board.close();
  });

  it('does not let one person announce for the page of another', () => {
    const board = new PresenceBoard({ silenceLimitMs: 60_000, typingLimitMs: 60_000, onChange: () => undefined });
    board.announce('ed1', 'same-page', [{ script_id: 1, dirty: true }]);
    board.announce('mo1', 'same-page', []);
    expect(board.list()).to.have.length(1);
    board.close();
  });

  it('counts a person as typing when they type on any of their pages', () => {
    const board = new PresenceBoard({ silenceLimitMs: 60_000, typingLimitMs: 60_000, onChange: () => undefined });
    board.announce('ed1', 'first', [{ script_id: 1, dirty: true, typing: true }]);
    board.announce('ed1', 'second', [{ script_id: 1, dirty: false }]);
    expect(board.list()).to.deep.equal([{ username: 'ed1', script_id: 1, dirty: true, typing: true }]);
    board.announce('ed1', 'first', [{ script_id: 1, dirty: true, typing: false }]);
    expect(board.list()[0]).to.include({ typing: false });
    board.close();
  });

  it('stops showing a page as typing when it stops saying so, and keeps it open', async () => {
    const changes: { typing: boolean }[][] = [];
    await new Promise<void>((resolve) => {
      const board = new PresenceBoard({
        silenceLimitMs: 60_000,
        typingLimitMs: 20,
        onChange: (present) => {
          changes.push(present);
          if (present.every(({ typing }) => !typing)) {
            board.close();
            resolve();
          }
        },
      });
      board.announce('ed1', page, [{ script_id: 1, dirty: true, typing: true }]);
    });
    const present = { username: 'ed1', script_id: 1, dirty: true };
    expect(changes).to.deep.equal([[{ ...present, typing: true }], [{ ...present, typing: false }]]);
  });

  it('reports many changes at the same time as one', async () => {
    const told: number[][] = [];
    await new Promise<void>((resolve) => {
      const board = new PresenceBoard({
        silenceLimitMs: 60_000,
        typingLimitMs: 60_000,
        onChange: (present) => {
          told.push(present.map(({ script_id }) => script_id));
          if (present[0]?.script_id !== 500) return;
          board.close();
          resolve();
        },
      });
      for (let script_id = 1; script_id <= 500; script_id++) board.announce('ed1', page, [{ script_id, dirty: false }]);
    });
    expect(told).to.deep.equal([[1], [500]]);
  });

  it('forgets a silent page and reports it', async () => {
    const changes: number[] = [];
    const forgotten = new Promise<void>((resolve) => {
      const board = new PresenceBoard({
        silenceLimitMs: 20,
        typingLimitMs: 60_000,
        onChange: (present) => {
          changes.push(present.length);
          if (present.length === 0) resolve();
        },
      });
      board.announce('ed1', page, [{ script_id: 1, dirty: false }]);
    });
    await forgotten;
    expect(changes).to.deep.equal([1, 0]);
  });
});

/** The next presence event; others, such as a greeting, are skipped. */
async function nextPresence(events: AsyncGenerator<{ event: string; data: unknown }>): Promise<{ username: string }[]> {
  for await (const { event, data } of events) {
    if (event === 'editor/presence-changed') return (data as { present: { username: string }[] }).present;
  }
  throw new Error('the events ended');
}
