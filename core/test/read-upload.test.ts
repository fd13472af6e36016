import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import { decoded } from '../browser/upload/encodings.ts';
import { convert, readUpload } from '../browser/upload/read-upload.ts';

const LIMIT = 64 * 1024;
/** Node's decoder knows only the letters of Windows-1252, not its other characters, which a journey tests. */
const LETTERS = 'Name;Größe\nMüller;naïve café\n';
const TEXT = 'Name;Größe\nMüller;naïve café\n“So”, sagte er – 5 €\n';

function read(name: string, bytes: Uint8Array) {
  return readUpload(name, bytes, LIMIT);
}

function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array {
  const bytes = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

/** The bytes of the letters above in each encoding. */
const WINDOWS: Record<string, number> = { ö: 0xf6, ß: 0xdf, ü: 0xfc, ï: 0xef, é: 0xe9 };
const MAC: Record<string, number> = { ö: 0x9a, ß: 0xa7, ü: 0x9f, ï: 0x95, é: 0x8e, '“': 0xd2, '”': 0xd3, '–': 0xd0, '€': 0xdb };
function oneByte(text: string, table: Record<string, number>): Uint8Array {
  return Uint8Array.from(text, (letter) => table[letter] ?? letter.charCodeAt(0));
}

describe('a file to load as text', () => {
  it('is loaded unchanged when it is UTF-8', () => {
    expect(read('a.csv', Buffer.from(TEXT))).to.deep.equal({ kind: 'text', text: TEXT });
  });

  for (const [what, bytes, encoding, text = TEXT] of [
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
    ['UTF-16, as Excel writes Unicode Text', utf16(TEXT), 'utf-16le'],
    ['big-endian UTF-16', utf16(TEXT, { bigEndian: true }), 'utf-16be'],
    ['UTF-16 without a byte order mark', utf16(TEXT, { mark: false }), 'utf-16le'],
    ['Windows-1252', oneByte(LETTERS, WINDOWS), 'windows-1252', LETTERS],
    ['Mac Roman', oneByte(TEXT, MAC), 'macintosh'],
  ] as const)
    it(`can be converted from ${what}, which is detected`, () => {
      const reading = read('a.csv', bytes);
      if (reading.kind !== 'convertible') throw new Error(JSON.stringify(reading));
      expect(reading.encodings[0]?.id).to.equal(encoding);
      expect(convert('a.csv', reading.bytes, reading.encodings[0]!, LIMIT)).to.equal(text);
    });

  it('can be converted from an encoding that the user picks', () => {
    const reading = read('a.csv', Uint8Array.of(0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2));
    if (reading.kind !== 'convertible') throw new Error(reading.kind);
    const cyrillic = reading.encodings.find(({ id }) => id === 'windows-1251')!;
    expect(decoded(reading.bytes, cyrillic)).to.equal('Привет');
    expect(convert('a.csv', reading.bytes, cyrillic, LIMIT)).to.equal('Привет');
  });

  it('is not converted from an encoding in which it is invalid', () => {
    const bytes = Uint8Array.of(0x41, 0xff, 0xff);
    expect(() => convert('a.csv', bytes, { id: 'shift_jis', label: 'Shift JIS' }, LIMIT)).to.throw(/Choose another encoding/);
  });

  it('must not exceed the size limit once converted', () => {
    const [fits, more] = [utf16('x'.repeat(LIMIT)), utf16('x'.repeat(LIMIT + 1))];
    for (const [bytes, ok] of [
      [fits, true],
      [more, false],
    ] as const) {
      const reading = read('a.csv', bytes);
      if (reading.kind !== 'convertible') throw new Error(reading.kind);
      const act = () => convert('a.csv', bytes, reading.encodings[0]!, LIMIT);
      if (ok) expect(act()).to.have.length(LIMIT);
      else expect(act).to.throw(/at most 0.1 MiB/);
    }
  });

  const zip = (...names: string[]) => zipSync(Object.fromEntries(names.map((name) => [name, strToU8('x')])));
  const compound = (text = '') => Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Buffer.from(text, 'utf16le'));
  for (const [name, bytes, words] of [
    ['a.xlsx', zip('[Content_Types].xml', 'xl/workbook.xml'), /Excel workbook.*CSV UTF-8/],
    ['renamed.csv', zip('xl/workbook.xml'), /Excel workbook.*CSV UTF-8/],
    ['a.xls', compound(), /Excel workbook.*CSV UTF-8/],
    ['a.xlsx', compound('EncryptedPackage'), /password-protected/],
    ['a.ods', zipSync({ mimetype: [strToU8('application/vnd.oasis.opendocument.spreadsheet'), { level: 0 }] }), /OpenDocument.*Text CSV/],
    ['a.numbers', zip('Index/Tables/DataList.iwa'), /Numbers/],
    ['a.docx', zip('word/document.xml'), /Office document/],
    ['a.zip', zip('a.csv'), /zip archive.*Unpack/],
    ['a.csv.gz', Uint8Array.of(0x1f, 0x8b, 8), /compressed archive.*Unpack/],
    ['a.pdf', Buffer.from('%PDF-1.7\n'), /a PDF/],
    ['a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), /a picture/],
    ['a.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /a picture/],
    ['a.heic', Buffer.from('\0\0\0\x18ftypheic'), /a picture/],
    ['a.sqlite', Buffer.from('SQLite format 3\0'), /SQLite database/],
    ['a.parquet', Buffer.from('PAR1....'), /Parquet/],
    ['a.bin', Uint8Array.of(0x61, 0x62, 0, 0x63), /byte 3 is NUL/],
    ['a.csv', new Uint8Array(), /is empty/],
    ['a.csv', Uint8Array.of(0xff, 0xfe, 0x41), /damaged further on/],
    ['a.csv', new Uint8Array(LIMIT + 1).fill(0x61), /at most 0.1 MiB can be loaded/],
  ] as const)
    it(`is refused with advice: ${name}, ${words.source}`, () => {
      const reading = read(name, bytes);
      if (reading.kind !== 'refused') throw new Error(reading.kind);
      expect(reading.detail)
        .to.match(words)
        .and.match(new RegExp(`^${name} `));
    });

  for (const begin of ['BM', 'MZ', 'II', 'PK', 'GIF', 'ID3', '%', '7z'])
    it(`is text when it starts with ${begin}`, () => {
      expect(read('a.csv', Buffer.from(`${begin};1\n`)).kind).to.equal('text');
    });
});
