/**
 * Password hashes by scrypt, as PHC strings that carry their own parameters, so
 * that they can be raised later without touching what is stored.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about 60 ms of one core: dear for who guesses, bearable for who signs in. */
const COST_LOG2 = 15;
const BLOCK_SIZE = 8;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

interface StoredHash {
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** The hash to store of a new password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const parameters = { costLog2: COST_LOG2, blockSize: BLOCK_SIZE, parallelism: PARALLELISM };
  const key = await derive(password, salt, KEY_BYTES, parameters);
  return `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELISM}$${encode(salt)}$${encode(key)}`;
}

/**
 * Whether a password is the one of a hash, compared in constant time. Without
 * a hash (no such user) it costs the same and is false, so that the time tells
 * nothing about who exists.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const stored = parse(hash ?? DECOY);
  const key = await derive(password, stored.salt, stored.key.length, stored);
  const isSame = timingSafeEqual(key, stored.key) && hash !== null;
  // HMAC, inside scrypt, fills short keys up with NULs: with some more of them every password would be right as well.
  return isSame && !password.includes('\0');
}

/** Stands in for the hash of a user that does not exist. */
const DECOY = `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELISM}$${encode(randomBytes(SALT_BYTES))}$${encode(randomBytes(KEY_BYTES))}`;

async function derive(password: string, salt: Buffer, length: number, parameters: Omit<StoredHash, 'salt' | 'key'>): Promise<Buffer> {
  const N = 2 ** parameters.costLog2;
  const options: ScryptOptions = { N, r: parameters.blockSize, p: parameters.parallelism, maxmem: 256 * N * parameters.blockSize };
  await enter();
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    leave();
  }
}

/** Derivations at once: half of libuv's threads, so that a crowd at the door does not keep the database and files waiting. */
const MAX_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

async function enter(): Promise<void> {
  if (running < MAX_AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

/** Hands the place on, if anyone waits for it. */
function leave(): void {
  const next = waiting.shift();
  if (next) next();
  else running--;
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function parse(hash: string): StoredHash {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (!match) throw new Error('a stored password hash is not a scrypt hash');
  const [, costLog2, blockSize, parallelism, salt, key] = match as unknown as [string, string, string, string, string, string];
  return {
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}
