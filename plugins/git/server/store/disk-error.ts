/** Translates file system errors into errors that a caller can act on. */
import { InsufficientStorage } from '@ved/core/contract';

/** No space or quota left, or no inodes left on a full tmpfs. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Throws InsufficientStorage for a full disk; rethrows any other error unchanged. */
export function translateDiskError(error: unknown): never {
  if (error instanceof Error && 'code' in error && FULL.has(String(error.code))) {
    throw new InsufficientStorage(
      'git/disk-full',
      'The disk of the scripts repository is full; nothing was saved. Free some space and save again.',
      {
        cause: error,
      },
    );
  }
  throw error;
}
