import type { ScriptEditor } from '@ved/editor/contract';
import { expect } from 'chai';
import { Chats } from '../browser/chat/chats.ts';
import { PromptDrafts } from '../browser/chat/prompt-drafts.ts';

/** What a conversation reads of an editor. */
type Shown = Pick<ScriptEditor, 'text'> & { scriptId: number | null; version: { id: number } | null };
const editorOf = (shown: Shown) => shown as ScriptEditor;

/** A browser's storage. */
function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  };
}

describe('the conversations of a page', () => {
  const chats = (storage = memory()) => new Chats(new PromptDrafts('ed1', storage));

  it('are one per script, also after it was closed and opened again', () => {
    const all = chats();
    const first = all.of(editorOf({ scriptId: 1, version: { id: 4 }, text: '' }));
    expect(all.of(editorOf({ scriptId: 2, version: { id: 5 }, text: '' }))).to.not.equal(first);
    expect(all.of(editorOf({ scriptId: 1, version: { id: 4 }, text: '' }))).to.equal(first);
    expect(all.ofScript(1)).to.equal(first);
  });

  it('stay with a new script when it is saved', () => {
    const all = chats();
    const shown: Shown = { scriptId: null, version: null, text: 'print(1)' };
    const before = all.of(editorOf(shown));
    expect(before).to.not.equal(all.of(editorOf({ ...shown })));
    Object.assign(shown, { scriptId: 7, version: { id: 9 } });
    expect(all.of(editorOf(shown))).to.equal(before);
    expect(all.ofScript(7)).to.equal(before);
  });

  it('are about the text in the editor last used', () => {
    const all = chats();
    const [left, right] = ['left', 'right'].map((text) => editorOf({ scriptId: 1, version: { id: 4 }, text }));
    all.of(right!);
    const chat = all.of(left!);
    expect(chat.request('Explain')).to.deep.equal({ script_id: 1, script_version_id: 4, prompt: 'Explain', context_code: 'left' });
    all.of(right!);
    expect(chat.request('Explain').context_code).to.equal('right');
  });

  it("are about a script's newest version while it is closed", () => {
    expect(chats().ofScript(1).request('Explain')).to.deep.equal({ script_id: 1, prompt: 'Explain', context_code: undefined });
  });

  it('are about no script without an editor', () => {
    const general = chats().of(null);
    expect(general.request('Hello').script_id).to.equal(undefined);
  });

  it('still have what was typed after a reload, each its own', () => {
    const storage = memory();
    const before = chats(storage);
    before.ofScript(1).prompt = 'About one';
    before.of(null).prompt = 'About nothing';
    const after = chats(storage);
    expect([after.ofScript(1).prompt, after.ofScript(2).prompt, after.of(null).prompt]).to.deep.equal(['About one', '', 'About nothing']);
  });
});

describe('a prompt being typed', () => {
  it('is stored for one person and one script', () => {
    const storage = memory();
    new PromptDrafts('ed1', storage).write('1', 'Half a thought');
    expect(new PromptDrafts('ed1', storage).read('1')).to.equal('Half a thought');
    expect(new PromptDrafts('eve', storage).read('1')).to.equal('');
    expect(new PromptDrafts('ed1', storage).read('2')).to.equal('');
  });

  it('leaves nothing behind when it is cleared', () => {
    const storage = memory();
    const drafts = new PromptDrafts('ed1', storage);
    drafts.write('1', 'Half a thought');
    drafts.write('1', '');
    expect([...storage.kept.keys()]).to.deep.equal([]);
  });
});
