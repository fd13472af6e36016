/** The saved text and the typed text. */
import { expect } from 'chai';
import { EditedText } from '../browser/documents/edited-text.ts';
import { PlainTextBuffer } from '../browser/documents/text-buffer.ts';

describe('a text that was loaded', () => {
  const load = (text: string) => {
    const buffer = new PlainTextBuffer(text);
    return { buffer, edited: new EditedText(buffer, text) };
  };

  it('is dirty only while it differs from the saved text', () => {
    const { buffer, edited } = load('a');
    expect(edited.dirty).to.equal(false);
    buffer.replaceAll('b');
    expect(edited.dirty).to.equal(true);
    buffer.replaceAll('a');
    expect(edited.dirty).to.equal(false);
  });

  it('stays dirty when it was changed during a save', () => {
    const { buffer, edited } = load('a');
    buffer.replaceAll('b');
    const sent = edited.capture();
    buffer.replaceAll('c');
    edited.markSaved(sent);
    expect(edited.dirty).to.equal(true);
    expect(edited.savedText).to.equal('b');
    buffer.replaceAll('b');
    expect(edited.dirty).to.equal(false);
  });

  it('adopts a new text of the server', () => {
    const { buffer, edited } = load('a');
    edited.adopt('z');
    expect(buffer.text).to.equal('z');
    expect(edited.dirty).to.equal(false);
  });

  it('is not dirty after the editor normalised its line endings on loading', () => {
    const edited = new EditedText(new PlainTextBuffer('a\nb\n'), 'a\r\nb\n');
    expect(edited.dirty).to.equal(false);
    expect(edited.savedText).to.equal('a\r\nb\n');
  });
});
