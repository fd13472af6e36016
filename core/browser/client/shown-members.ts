/**
 * What people wrote for others to read is made safe to show where it arrives,
 * so that no panel can forget it. Only members that are shown and never sent
 * back: a text that is edited, a file's name that leads to the file, stay as they are.
 */
import { safeName, safeText } from '../parts/safe-name.ts';

/** By what the contracts call them. */
const SAFE_MEMBERS: Readonly<Record<string, (text: string) => string>> = {
  descriptive_name: safeName,
  description: safeText,
  /** Of a version, a commit or a finding. */
  message: safeText,
  /** Why a run, a pass or a request ended so. */
  reason: safeText,
  detail: safeText,
};

/** Changes the value in place and answers with it. Without recursion: an answer may be nested deeper than a stack. */
export function makeSafe<T>(value: T): T {
  const open: unknown[] = [value];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    if (Array.isArray(one)) {
      for (const member of one) if (typeof member === 'object') open.push(member);
      continue;
    }
    for (const [key, member] of Object.entries(one)) {
      if (typeof member === 'object') open.push(member);
      else if (typeof member === 'string' && Object.hasOwn(SAFE_MEMBERS, key)) Reflect.set(one, key, SAFE_MEMBERS[key]!(member));
    }
  }
  return value;
}
