/** What is shown next to an interpreter's name. */
import type { InterpreterInfo } from '@ved/runner/contract';

/** `Python 3.14.2, python:3.14-slim`, or why it is not ready. */
export function interpreterWords({ version, image, reason }: InterpreterInfo): string {
  if (reason !== null) return `not ready: ${reason.replace(/\.$/, '')}`;
  return [version === null ? 'unknown version' : `Python ${version}`, image].filter(Boolean).join(', ');
}
