/** JSON that is limited while it arrives, and responses sent in pieces: the JSON is the same wherever the pieces are cut. */
import { expect } from 'chai';
import { inPieces, jsonParts, whole } from '../server/http/answer-pieces.ts';
import { JsonShape } from '../server/http/json-shape.ts';
import { parseLongJson } from '../server/http/long-json.ts';

const MARK = '4f1c9a52-mark';

const refused = (pieces: readonly Uint8Array[]): string | null => {
  const shape = new JsonShape();
  try {
    for (const piece of pieces) shape.take(piece);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('the shape of a JSON body', () => {
  const texts = {
    'an escaped quote': `["a\\"${'['.repeat(200)}",${deep(99)}]`,
    'an escaped backslash': `["a\\\\",${deep(99)}]`,
    'backslashes before the end of a text': `["a${'\\\\'.repeat(7)}","${'\\\\'.repeat(4)}\\"]",${deep(99)}]`,
    'a text that contains nested lists': `${JSON.stringify(deep(300))}`,
  };
  for (const [what, text] of Object.entries(texts))
    it(`is the same wherever the body is cut: ${what}`, () => {
      const whole = Buffer.from(text);
      const tooDeep = Buffer.from(text.replace(deep(99), deep(100)));
      const isDeeper = text.endsWith(`${deep(99)}]`);
      for (let cut = 0; cut <= whole.length; cut += 1) {
        expect(refused([whole.subarray(0, cut), whole.subarray(cut)]), `cut at ${cut}`).to.equal(null);
        if (isDeeper) expect(refused([tooDeep.subarray(0, cut), tooDeep.subarray(cut)]), `cut at ${cut}`).to.equal('request/too-nested');
      }
      expect(refused([...whole].map((byte) => Uint8Array.of(byte)))).to.equal(null);
    });
});

describe('long JSON', () => {
  const long = (unit: string, length = 300_000) => unit.repeat(Math.ceil(length / unit.length));
  const values = {
    'plain text': { id: 1, content: long('x = 1\n'), test_data: long('a;b\r\n') },
    'text to escape': { content: long('"\\\u0001\n\u2028'), name: MARK.slice(1) },
    'surrogate pairs': { content: `a${long('😀')}`, more: { text: long('é😀') } },
    'lone surrogates': { content: `${long('😀', 65_535)}\ud83d${long('x')}\ude00` },
    'lists of texts': [
      { stdout: long('out\n'), stderr: '' },
      { stdout: '', stderr: long('err\n') },
    ],
  };
  for (const [what, value] of Object.entries(values)) {
    it(`is the same in pieces: ${what}`, async () => {
      const parts = jsonParts(value, MARK);
      expect(parts.length).to.be.above(1);
      expect(JSON.parse(whole(parts).toString())).to.deep.equal(value);
      const pieces: Buffer[] = [];
      for await (const piece of inPieces(parts)) pieces.push(piece);
      expect(pieces.length).to.be.above(2);
      expect(Buffer.concat(pieces).equals(whole(parts))).to.equal(true);
    });
  }

  it('is parsed the same in a thread, wherever its blocks are cut', async () => {
    for (const value of Object.values(values)) {
      const bytes = Buffer.from(JSON.stringify(value));
      const cuts = [0, 1, 65_537, bytes.length - 3, bytes.length];
      const blocks = cuts.slice(1).map((end, index) => new Uint8Array(bytes.subarray(cuts[index], end)));
      expect(await parseLongJson(blocks)).to.deep.equal(value);
    }
  });

  it('has long base64 decoded, and malformed base64 unchanged', async () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, n) => n % 251);
    const base64 = Buffer.from(bytes).toString('base64');
    const malformed = [base64.slice(1), base64.replace('A', '€'), `${base64.slice(0, -4)}=AA=`, base64.replace('A', ' ')];
    const value = {
      files: [base64, base64, ...malformed].map((content_base64) => ({ content_base64 })),
      content: base64,
      other_base64: base64,
    };
    const parsed = await parseLongJson([new Uint8Array(Buffer.from(JSON.stringify(value)))], ['content_base64']);
    const [first, second, ...others] = value.files.map((file, index) => (index < 2 ? { content_base64: bytes } : file));
    expect(parsed).to.deep.equal({ ...value, files: [first, second, ...others] });
  });

  it('is reported as malformed when it is not JSON or not UTF-8', async () => {
    for (const bytes of [Buffer.from('{"a":'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xc3])]) {
      const error = await parseLongJson([new Uint8Array(bytes)]).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(SyntaxError);
    }
  });
});
