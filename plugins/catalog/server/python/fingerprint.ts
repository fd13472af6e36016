/** Fingerprints of programs. A prefix says what computed them, so that only those of the same kind are compared. */
import { createHash } from 'node:crypto';

/** For a text that does not compile, or that Python could not check. */
export function textFingerprint(content: string): string {
  return `text:${createHash('sha256').update(content).digest('base64url')}`;
}

/** Whether two fingerprints were computed the same way, so that a difference means something. */
export function comparable(a: string, b: string): boolean {
  const [makerOfA, makerOfB] = [a, b].map((value) => value.slice(0, value.indexOf(':')));
  return makerOfA === makerOfB || makerOfA === 'text' || makerOfB === 'text';
}
