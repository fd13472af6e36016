/** What a program does, as one hash: its name says what made it, so that only like is compared with like. */
import { createHash } from 'node:crypto';

/** For a text that is no program, or one that could not be compared as one. */
export function textFingerprint(content: string): string {
  return `text:${createHash('sha256').update(content).digest('base64url')}`;
}

/** Whether two fingerprints were made alike, so that their difference means something. */
export function comparable(a: string, b: string): boolean {
  const [makerOfA, makerOfB] = [a, b].map((value) => value.slice(0, value.indexOf(':')));
  return makerOfA === makerOfB || makerOfA === 'text' || makerOfB === 'text';
}
