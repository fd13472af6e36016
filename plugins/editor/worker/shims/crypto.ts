/**
 * Node's `crypto` for what Pyright does with it: names for temporary things and
 * keys of caches inside one worker. The hash is not a cryptographic one.
 */
import { Buffer } from 'buffer';

const webCrypto = globalThis.crypto;

class CacheKey {
  private state = 5381;

  update(data: string | Uint8Array): this {
    for (const byte of Buffer.from(data as string)) this.state = ((this.state * 33) ^ byte) >>> 0;
    return this;
  }

  digest(encoding?: string): string | Buffer {
    const hex = this.state.toString(16).padStart(8, '0');
    return encoding ? hex : Buffer.from(hex);
  }
}

export const createHash = () => new CacheKey();
export const createHmac = createHash;
export const randomBytes = (sizeBytes: number) => Buffer.from(webCrypto.getRandomValues(new Uint8Array(sizeBytes)));
export const webcrypto = webCrypto;
export default { createHash, createHmac, randomBytes, webcrypto };
