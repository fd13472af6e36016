/**
 * Makes text that people wrote safe to show as soon as it arrives, so that no
 * panel can forget it. Only members that are shown and never sent back: edited
 * text and file names that are used as paths stay unchanged.
 */
import { safeName, safeText } from '../parts/safe-name.ts';

/** By member name. */
const SAFE_MEMBERS: Readonly<Record<string, (text: string) => string>> = {
  descriptive_name: safeName,
  description: safeText,
  /** The message of a version, a commit or a finding. */
  message: safeText,
  /** Why a run, a pass or a request ended as it did. */
  reason: safeText,
  detail: safeText,
};

/** Changes the value in place and returns it. Not recursive, since a response may be nested deeper than the stack. */
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
