/** Parses JSON of many MiB, in the thread of `long-json.ts`. */
import { base64Bytes } from './base64.ts';

/** Base64 with at least this many characters is decoded here, because strings are copied between threads but bytes are transferred. */
const LONG_BASE64 = 64 * 1024;

export const JSON_WORK = {
  /** Parses the joined blocks; `malformed` says why they are not JSON in UTF-8. */
  parse: (blocks: readonly Uint8Array[], base64Members: readonly string[]): Parsed => {
    const decoded: Uint8Array[] = [];
    const decode = (name: string, value: unknown): unknown => {
      if (typeof value !== 'string' || value.length < LONG_BASE64 || !base64Members.includes(name)) return value;
      const bytes = base64Bytes(value);
      if (bytes) decoded.push(bytes);
      return bytes ?? value;
    };
    try {
      const utf8 = new TextDecoder('utf-8', { fatal: true });
      const text = blocks.map((block) => utf8.decode(block, { stream: true })).join('') + utf8.decode();
      return { value: JSON.parse(text, base64Members.length > 0 ? decode : undefined), decoded };
    } catch (error) {
      return { malformed: String(error) };
    }
  },
};

type Parsed = { readonly value: unknown; readonly decoded: readonly Uint8Array[] } | { readonly malformed: string };
