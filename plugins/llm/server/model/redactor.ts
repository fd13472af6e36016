/** Keeps the key out of what others wrote: an upstream's error may quote the request. */
export function redactor(apiKey: string): (text: string) => string {
  return (text) => text.replaceAll(apiKey, '…').replace(/\b(?:Bearer\s+|sk-)[\w.*-]{4,}/g, '…');
}
