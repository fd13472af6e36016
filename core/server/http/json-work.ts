/** JSON of many MiB, read in the thread of `long-json.ts`. */

export const JSON_WORK = {
  /** What the blocks, joined, say; `malformed` has why they are not JSON in UTF-8. */
  parse: (blocks: readonly Uint8Array[]): { readonly value: unknown } | { readonly malformed: string } => {
    try {
      const utf8 = new TextDecoder('utf-8', { fatal: true });
      const text = blocks.map((block) => utf8.decode(block, { stream: true })).join('') + utf8.decode();
      return { value: JSON.parse(text) };
    } catch (error) {
      return { malformed: String(error) };
    }
  },
};
