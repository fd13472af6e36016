/**
 * Splits the text of an answer into messages: server-sent events, one JSON text,
 * or one per line. The first character decides which, because the content type is
 * often wrong. Knows nothing about what messages mean.
 */
import { createParser, type ParseError } from 'eventsource-parser';
import { UpstreamTrouble } from './upstream-trouble.ts';
import { isMembers, parseJson } from './upstream-words.ts';

export type WireMessage =
  | { readonly kind: 'message'; readonly value: unknown; readonly event: string | undefined }
  /** The end of the answer. */
  | { readonly kind: 'done' }
  /** Something that is not JSON. */
  | { readonly kind: 'stray'; readonly text: string; readonly event: string | undefined };

/** One message contains at most a whole answer. In characters. */
const MESSAGE_LIMIT = 8 * 1024 * 1024;

const DONE = /^"?\[DONE\]"?$/i;
/** Words that some servers send as data to keep a connection alive. */
const HEARTBEAT = /^(?::.*|ping|pong|keep-?alive|heartbeat|processing)$/i;

export class WireText {
  private readonly arrived: WireMessage[] = [];
  private readonly parser = createParser({
    onEvent: ({ data, event }) => this.takeData(data, event),
    onError: (error) => this.takeError(error),
    maxBufferSize: MESSAGE_LIMIT,
  });
  /** `blank` until the first character arrives. */
  private form: 'blank' | 'events' | 'text' = 'blank';
  private whole = '';

  /** Whether only whitespace was received. */
  get isBlank(): boolean {
    return this.form === 'blank';
  }

  /** The messages that this text completes. Throws UpstreamTrouble for one that is too long. */
  feed(text: string): WireMessage[] {
    if (this.form === 'blank') {
      const first = text.trimStart()[0];
      if (first === undefined) return [];
      this.form = '{[<'.includes(first) ? 'text' : 'events';
    }
    if (this.form === 'events') this.parser.feed(text);
    else this.whole += text;
    if (this.whole.length > MESSAGE_LIMIT) throw tooLong();
    return this.arrived.splice(0);
  }

  /** The remaining messages, now that nothing follows. */
  end(): WireMessage[] {
    // The last event may lack the empty line that ends it.
    if (this.form === 'events') this.parser.feed('\n\n');
    else if (this.form === 'text') this.takeWhole(this.whole);
    return this.arrived.splice(0);
  }

  /** Parseable JSON was not cut off, so its end is the answer's end; with lines, any line may be missing. */
  private takeWhole(text: string): void {
    const value = parseJson(text);
    if (value === undefined) {
      this.takeLines(text);
      return;
    }
    this.arrived.push({ kind: 'message', value, event: undefined });
    if (!isPiece(value)) this.arrived.push({ kind: 'done' });
  }

  private takeData(data: string, event: string | undefined): void {
    const text = data.trim();
    if (DONE.test(text)) this.arrived.push({ kind: 'done' });
    else if (text !== '' && !HEARTBEAT.test(text)) {
      const value = parseJson(text);
      if (value !== undefined) this.arrived.push({ kind: 'message', value, event });
      // Some builds of llama.cpp omit the empty line between two events.
      else if (/^[{[].*\n/.test(text)) this.takeLines(text, event);
      else this.arrived.push({ kind: 'stray', text, event });
    }
  }

  private takeLines(text: string, event?: string): void {
    const lines = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const values = lines.map((line) => (DONE.test(line) ? DONE : parseJson(line)));
    if (values.includes(undefined) && !isMembers(values[0])) this.arrived.push({ kind: 'stray', text, event });
    else
      for (const [index, value] of values.entries())
        this.arrived.push(
          value === DONE
            ? { kind: 'done' }
            : value === undefined
              ? { kind: 'stray', text: lines[index]!, event }
              : { kind: 'message', value, event },
        );
  }

  /** Older llama.cpp reports errors in a field `error`, which the standard does not have. Text that is not a field is stray. */
  private takeError({ type, field, value, line }: ParseError): void {
    if (type === 'max-buffer-size-exceeded') throw tooLong();
    if (type !== 'unknown-field') return;
    const json = field === 'error' ? (parseJson(value ?? '') ?? value) : undefined;
    if (json !== undefined) this.arrived.push({ kind: 'message', value: json, event: 'error' });
    else if (line?.trim()) this.arrived.push({ kind: 'stray', text: line, event: undefined });
  }
}

/** A chunk of a stream that was sent as a whole answer. */
function isPiece(value: unknown): boolean {
  return isMembers(value) && Array.isArray(value.choices) && isMembers(value.choices[0]) && 'delta' in value.choices[0];
}

function tooLong(): UpstreamTrouble {
  return new UpstreamTrouble('too-long', `The answer has a message of more than ${MESSAGE_LIMIT / 1024 / 1024} MiB and was cut off.`);
}
