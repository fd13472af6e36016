/** What is said of an interpreter beside its name. */
import type { InterpreterInfo } from '@ved/runner/contract';

/** `Python 3.14.2, python:3.14-slim`; with the reason of one that is not ready. */
export function interpreterWords({ version, image, reason }: InterpreterInfo): string {
  const facts = [
    version === null ? 'its Python is not known' : `Python ${version}`,
    image,
    reason && `not ready: ${reason.replace(/\.$/, '')}`,
  ];
  return facts.filter(Boolean).join(', ');
}
