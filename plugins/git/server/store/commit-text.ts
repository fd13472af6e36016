/**
 * The text of a commit made by ved: a message, then a final paragraph of trailers.
 * That paragraph is always present and always ved's, so trailers in a user's
 * message stay part of the message.
 */
import { InvalidInput } from '@ved/core/contract';

export interface CommitText {
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Names the script that a commit saved. Every commit made by ved has it, so it also identifies ved's commits. */
export const SCRIPT_TRAILER = 'Ved-Script';

/** A value may contain any character, including U+2028, which `.` does not match without the `s` flag. */
const TRAILER = /^([A-Za-z][A-Za-z0-9-]*): ?(.*)$/s;
const TRAILER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws InvalidInput for text that cannot be encoded as UTF-8. */
export function refuseLoneSurrogates(text: string, what: string): void {
  const at = text.search(LONE_SURROGATE);
  if (at < 0) return;
  throw new InvalidInput(
    'git/not-unicode',
    `${what} contains half a character (a lone surrogate, at position ${at + 1}), which is not valid UTF-8. Remove it.`,
    {
      data: { position: at },
    },
  );
}

/** Converts line ends to git's and trims the message. An empty one becomes "Save", since git refuses empty messages. */
function normaliseMessage(message: string): string {
  refuseLoneSurrogates(message, 'The message');
  if (message.includes('\0')) throw new InvalidInput('git/bad-message', 'The message contains a NUL character. Remove it.');
  return message.replace(/\r\n?/g, '\n').trim() || 'Save';
}

function formatTrailer([name, value]: readonly [string, string]): string {
  if (!TRAILER_NAME.test(name) || /[\n\r\0]/.test(value))
    throw new InvalidInput('git/bad-trailer', `The trailer ${name} is not one line of "Name: value".`);
  refuseLoneSurrogates(value, `The trailer ${name}`);
  return `${name}: ${value.trim()}`;
}

/** The full text of a commit. `trailers` must not be empty. */
export function formatCommitText({ message, trailers }: CommitText): string {
  return `${normaliseMessage(message)}\n\n${Object.entries(trailers).map(formatTrailer).join('\n')}\n`;
}

/** The inverse of `formatCommitText`; without trailers when the last paragraph contains anything else. */
export function parseCommitText(text: string): CommitText {
  const whole = text.trimEnd();
  const split = whole.lastIndexOf('\n\n');
  const lines = split < 0 ? [] : whole.slice(split + 2).split('\n');
  const matches = lines.map((line) => TRAILER.exec(line));
  if (lines.length === 0 || matches.some((match) => match === null)) return { message: whole, trailers: {} };
  return { message: whole.slice(0, split), trailers: Object.fromEntries(matches.map((match) => [match![1]!, match![2]!])) };
}

/** The script that a commit saved; null for a commit not made by ved. */
export function scriptOfCommit(text: string): number | null {
  const id = Number(parseCommitText(text).trailers[SCRIPT_TRAILER] ?? Number.NaN);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}
