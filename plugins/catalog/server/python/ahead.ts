/**
 * The first interpreter, started before the rest of the server is loaded: both
 * take most of a second, and somebody who saves right after signing in should
 * wait for neither.
 */
import { Interpreter } from './interpreter.ts';

let ahead: Interpreter | undefined;

export function startAhead(): void {
  ahead = new Interpreter();
}

/** Hands over the interpreter that was started ahead, once. */
export function takeAhead(): Interpreter | undefined {
  const taken = ahead;
  ahead = undefined;
  return taken;
}
