/** A sandbox's list of files is parsed wherever it is cut, and never buffered beyond the limits. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Artefact } from '../../contract/engine.ts';
import { BadSection, FileSection } from '../../server/engines/file-section.ts';

function read(...chunks: (Buffer | string)[]): { artefacts: Artefact[]; section: FileSection } {
  const section = new FileSection();
  const artefacts = chunks.flatMap((chunk) => [...section.read(Buffer.from(chunk as string))]);
  return { artefacts, section };
}

const file = (name: Buffer | string, data: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(`f ${Buffer.byteLength(name)} ${Buffer.byteLength(data)}\n`), Buffer.from(name), Buffer.from(data)]);

describe('the files of a sandbox', () => {
  it('are read however they are cut, without what follows', () => {
    const files = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 9 }), fc.uint8Array({ maxLength: 40 })), { maxLength: 6 });
    fc.assert(
      fc.property(files, fc.array(fc.nat(400), { maxLength: 8 }), (sent, places) => {
        const all = Buffer.concat([...sent.map(([name, data]) => file(name, Buffer.from(data))), Buffer.from('.\n\0ready x\n')]);
        const at = [...new Set(places.map((place) => place % all.length))].sort((a, b) => a - b);
        const { artefacts, section } = read(...[...at, all.length].map((end, i) => all.subarray(at[i - 1] ?? 0, end)));
        expect(artefacts.map((each) => each.type === 'file' && [each.name, [...each.data]])).to.deep.equal(
          sent.map(([name, data]) => [name, [...data]]),
        );
        expect(section.done).to.equal(true);
        expect(section.rest.toString()).to.equal('\0ready x\n');
      }),
    );
  });

  it('may contain frames in their data', () => {
    const { artefacts } = read(file('a', 'f 1 1\nbc.\n'), '.\n');
    expect(artefacts).to.deep.equal([{ type: 'file', name: 'a', data: Buffer.from('f 1 1\nbc.\n') }]);
  });

  it('are left out if their name is not UTF-8', () => {
    const { artefacts } = read(file(Buffer.from([0x61, 0xff]), 'x'), '.\n');
    expect(artefacts).to.deep.equal([{ type: 'left-out', reason: 'name', count: 1, names: ['a\ufffd'] }]);
  });

  it('list what was left out with printable names', () => {
    const { artefacts } = read('x link 70000 5\na\0b\nc.\n');
    expect(artefacts).to.deep.equal([{ type: 'left-out', reason: 'link', count: 70000, names: ['a', 'b\ufffdc'] }]);
  });

  const refused: Record<string, string | Buffer> = {
    'a file over the total limit': 'f 1 16777217\n',
    'a negative size': 'f 1 -1\n',
    'a size in another notation': 'f 1 1e3\n',
    'a name longer than a path': 'f 4097 1\n',
    'too many files': Buffer.concat(Array.from({ length: 65 }, () => file('a', ''))),
    'too many bytes in small files': Buffer.concat(Array.from({ length: 17 }, () => file('a', Buffer.alloc(2 ** 20)))),
    'an unknown reason': 'x because 1 0\n',
    'an endlessly repeated reason': 'x link 1 0\n'.repeat(20),
    'an unterminated header': 'f'.repeat(64),
    'anything else': '\0ready cpython-3.14\n',
  };
  for (const [what, said] of Object.entries(refused)) {
    it(`are read no further after ${what}`, () => expect(() => read(said)).to.throw(BadSection));
  }
});
