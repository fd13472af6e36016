/**
 * Removes the key from upstream texts: an error may quote the request, whole or
 * in part, and an echo server returns it.
 */

/** A match of this many characters is not a coincidence. */
const PIECE_LENGTH = 8;

export function redactor(apiKey: string): (text: string) => string {
  const forms = [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString('base64').replace(/=+$/, '')];
  return (text) => {
    let safe = text;
    for (const form of forms) safe = safe.replaceAll(form, '…');
    safe = safe.replace(/\b(?:Bearer\s+|sk-)[\w.*-]{4,}/g, '…');
    return safe.replace(/[\w-]{8,}/g, (piece) => (piece.length >= PIECE_LENGTH && apiKey.includes(piece) ? '…' : piece));
  };
}
