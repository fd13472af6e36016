/**
 * Detects the type of a file that is not text by its first bytes, not its name,
 * and says how to get text out of it.
 */

interface Signature {
  readonly bytes: readonly number[];
  readonly at?: number;
  /** With its article: "a PDF". */
  readonly what: string;
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

const PICTURE = 'a picture';
const ARCHIVE = 'a compressed archive';
const PROGRAM = 'a program';

/** Without signatures of two printable letters, which text may start with too. */
const SIGNATURES: readonly Signature[] = [
  { bytes: ascii('%PDF-'), what: 'a PDF' },
  { bytes: [0x89, ...ascii('PNG')], what: PICTURE },
  { bytes: [0xff, 0xd8, 0xff], what: PICTURE },
  { bytes: ascii('GIF8'), what: PICTURE },
  { bytes: ascii('WEBP'), at: 8, what: PICTURE },
  { bytes: [...ascii('II'), 0x2a, 0], what: PICTURE },
  { bytes: [...ascii('MM'), 0, 0x2a], what: PICTURE },
  { bytes: ascii('ftyp'), at: 4, what: 'a picture or a video' },
  { bytes: [0x1f, 0x8b], what: ARCHIVE },
  { bytes: [...ascii('7z'), 0xbc, 0xaf], what: ARCHIVE },
  { bytes: ascii('Rar!'), what: ARCHIVE },
  { bytes: [0xfd, ...ascii('7zXZ')], what: ARCHIVE },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: ARCHIVE },
  { bytes: ascii('BZh9'), what: ARCHIVE },
  { bytes: ascii('SQLite format 3'), what: 'an SQLite database' },
  { bytes: ascii('PAR1'), what: 'a Parquet file' },
  { bytes: [0x7f, ...ascii('ELF')], what: PROGRAM },
];

const SAVE_AS_CSV = 'Open it there, save it as "CSV UTF-8 (Comma delimited)", and load that file.';
const EXCEL = `an Excel workbook, not text. Open it in Excel, choose File, Save As, "CSV UTF-8 (Comma delimited) (*.csv)", and load that file.`;
const CALC =
  'an OpenDocument spreadsheet, not text. Open it in LibreOffice, choose File, Save As, "Text CSV" with the character set "Unicode (UTF-8)", and load that file.';

/** What a file is and what to do, as the rest of a sentence that starts with its name and "is"; null when it may be text. */
export function kindOfFile(name: string, bytes: Uint8Array): string | null {
  if (startsWith(bytes, [0x50, 0x4b, 3, 4]) || startsWith(bytes, [0x50, 0x4b, 5, 6])) return kindOfZip(name, bytes);
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return kindOfCompound(name, bytes);
  const found = SIGNATURES.find(({ bytes: signature, at = 0 }) => startsWith(bytes.subarray(at), signature));
  if (!found) return null;
  if (found.what === ARCHIVE) return `${ARCHIVE}, not text. Unpack it, and load the text file in it.`;
  return `${found.what}, not text. A script's test data is text, such as CSV or JSON in UTF-8.`;
}

/** Old Excel, and new Excel behind a password, are the same container. */
function kindOfCompound(name: string, bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (text.includes(wide('EncryptedPackage'))) return `a password-protected Office file. ${SAVE_AS_CSV}`;
  if (/\.(?:doc|ppt|msg)$/i.test(name))
    return 'an Office document, not text. Save what the script needs as plain text, and load that file.';
  return EXCEL;
}

/** Excel, LibreOffice and others save files as zips; the names inside tell which. */
function kindOfZip(name: string, bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (text.includes('vnd.oasis.opendocument.spreadsheet')) return CALC;
  if (text.includes('xl/workbook') || text.includes('xl/worksheets')) return EXCEL;
  if (text.includes('Index/Tables/') || /\.numbers$/i.test(name))
    return 'a Numbers document, not text. In Numbers choose File, Export To, CSV with the encoding "Unicode (UTF-8)", and load that file.';
  if (text.includes('word/') || text.includes('ppt/') || text.includes('vnd.oasis.opendocument'))
    return 'an Office document, not text. Save what the script needs as plain text, and load that file.';
  return 'a zip archive, not text. Unpack it, and load the text file in it.';
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}

/** A zip has its list of names at its end. */
const EDGE_BYTES = 256 * 1024;

function latin1(bytes: Uint8Array): string {
  const decoder = new TextDecoder('latin1');
  return decoder.decode(bytes.subarray(0, EDGE_BYTES)) + decoder.decode(bytes.subarray(Math.max(EDGE_BYTES, bytes.length - EDGE_BYTES)));
}

/** Encoded as UTF-16. */
function wide(text: string): string {
  return [...text].map((letter) => `${letter}\0`).join('');
}
