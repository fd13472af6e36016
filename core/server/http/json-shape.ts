/**
 * Limits the shape of a JSON body while its bytes arrive, before it is parsed: too
 * much nesting would overflow the stack of code that walks it, and validating too
 * many values would block the server.
 */
import { InvalidInput } from '@ved/core/contract';

/** The deepest JSON that clients send is the workspace's layout, with about 20 levels. */
const MAX_JSON_DEPTH = 100;
/** Reordering 10,000 scripts needs 30,000. */
const MAX_JSON_VALUES = 50_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

export class JsonShape {
  private inString = false;
  private escaped = false;
  private depth = 0;
  private valueCount = 1;

  /** How many values have started so far. */
  get values(): number {
    return this.valueCount;
  }

  /** Processes the next bytes. Throws InvalidInput (`request/too-nested`, `request/too-many-values`). The parser checks whether it is JSON at all. */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.inString) at = this.passText(bytes, at);
      else this.betweenTexts(bytes[at++]!);
    }
    if (this.valueCount > MAX_JSON_VALUES) {
      throw new InvalidInput('request/too-many-values', `The body has more than ${MAX_JSON_VALUES} values. Send it in parts.`);
    }
  }

  /** Skips the rest of a string from `at`; most of a long body is in strings. */
  private passText(bytes: Uint8Array, at: number): number {
    const quote = bytes.indexOf(QUOTE, at);
    const end = quote < 0 ? bytes.length : quote;
    let start = end;
    while (start > at && bytes[start - 1] === BACKSLASH) start--;
    // A backslash at the end of the previous bytes escapes the first of these.
    const backslashes = end - start + (start === at && this.escaped ? 1 : 0);
    const isEscaped = backslashes % 2 === 1;
    this.escaped = quote < 0 && isEscaped;
    if (quote < 0) return end;
    this.inString = isEscaped;
    return quote + 1;
  }

  private betweenTexts(byte: number): void {
    if (byte === QUOTE) this.inString = true;
    else if (byte === COMMA) this.valueCount++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.depth--;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      this.valueCount++;
      if (++this.depth > MAX_JSON_DEPTH) {
        throw new InvalidInput(
          'request/too-nested',
          `The body is nested more than ${MAX_JSON_DEPTH} levels deep. No route accepts such JSON.`,
        );
      }
    }
  }
}
