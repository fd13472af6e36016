/** Parses `VED_INTERPRETERS`: names of interpreters and their images. */

export interface InterpreterImage {
  /** The name that runs ask for, such as `cpython-3.14`. */
  readonly name: string;
  /** Such as `python:3.14-slim`. */
  readonly image: string;
}

/** The name of an image, optionally with a tag or digest. */
export const IMAGE_NAME = /^[a-z0-9][\w./:-]*(@sha256:[0-9a-f]{64})?$/i;
const NAME = /^[a-z][a-z0-9._-]{0,39}$/i;
/** Each is checked for its Python version at the start, and for its presence every few seconds. */
const MOST = 16;
const SHAPE = 'must be names and images such as cpython-3.14=python:3.14-slim,cpython-3.13=python:3.13-slim';

/** In the given order, the default first. Throws an Error with a one-line message. */
export function parseInterpreterMap(text: string): InterpreterImage[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.at(-1) === '') entries.pop();
  if (entries.length === 0 || entries.length > MOST) throw new Error(`${SHAPE}; at least 1 and at most ${MOST}`);
  const interpreters = entries.map(parseEntry);
  const twice = interpreters.find(({ name }, index) => interpreters.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Error(`${SHAPE}; "${twice.name}" is listed twice`);
  return interpreters;
}

function parseEntry(entry: string): InterpreterImage {
  const equals = entry.indexOf('=');
  const [name, image] = [entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()];
  if (equals < 0) throw new Error(`${SHAPE}; "${entry}" has no =`);
  if (!NAME.test(name)) throw new Error(`${SHAPE}; "${name}" is not a valid name: a letter, then at most 39 letters, digits, dots, - or _`);
  if (!IMAGE_NAME.test(image)) throw new Error(`${SHAPE}; "${image}" is not the name of an image`);
  return { name, image };
}
