/** Decodes base64; null when it is malformed. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> | null {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0) return null;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  // Node's decoder skips invalid characters, which then shows in the length.
  return Buffer.from(bytes.buffer).write(text, 'base64') === bytes.length ? bytes : null;
}
