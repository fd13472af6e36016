/**
 * Password hashes by scrypt, as PHC strings that contain their parameters, so that
 * the parameters can be raised later without touching stored hashes.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about 60 ms of one core: expensive for guessing, acceptable for signing in. */
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

/** The hash to store for a new password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const parameters = { costLog2: COST_LOG2, blockSize: BLOCK_SIZE, parallelism: PARALLELISM };
  const key = await derive(password, salt, KEY_BYTES, parameters);
  return `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELISM}$${encode(salt)}$${encode(key)}`;
}

/**
 * Whether a password matches a hash, in constant time. Without a hash (no such
 * user) it takes the same time and is false, so that timing does not reveal which
 * users exist.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const stored = parse(hash ?? DECOY);
  const key = await derive(password, stored.salt, stored.key.length, stored);
  const isSame = timingSafeEqual(key, stored.key) && hash !== null;
  // HMAC, inside scrypt, pads short keys with NULs, so a password with extra NULs would match too.
  return isSame && !password.includes('\0');
}

/** Used as the hash of a user that does not exist. */
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

/** Derivations in parallel: half of libuv's threads, so that many sign-ins do not delay the database and files. */
const MAX_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

async function enter(): Promise<void> {
  if (running < MAX_AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

/** Passes the slot to the next in line. */
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
