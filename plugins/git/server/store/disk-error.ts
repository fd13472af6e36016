/** What the disk says, as a decision that a caller can make. */
import { InsufficientStorage } from '@ved/core/contract';

/** No space, no quota left, or (a full tmpfs) no inode. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Throws InsufficientStorage for a full disk, and any other error as it is. */
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
