/**
 * Reads an answer from the wire to its end, and decides whether it is valid.
 * Throws UpstreamTrouble or UpstreamSaid if not; a stream that just ends is
 * truncated, not complete. An answer that the model has finished is never lost
 * because of what follows it.
 */
import type { WireAnswer } from './connection.ts';
import { type AnswerChunk, MessageReader } from './message-reader.ts';
import { notTheProtocol, UpstreamSaid, UpstreamTrouble } from './upstream-trouble.ts';
import { wordsOf } from './upstream-words.ts';
import { type WireMessage, WireText } from './wire-text.ts';

export type { AnswerChunk } from './message-reader.ts';

const MIB = 1024 * 1024;
/** Several times the longest answer of any model today, in characters; stops an endless upstream. */
const TEXT_LIMIT = 4 * MIB;
/** A message with one token has about 300 bytes of overhead. */
const WIRE_LIMIT_BYTES = 64 * MIB;
/** How long to wait for the cost once the model has finished. */
const AFTERWORD_MS = 10_000;
/** Characters of non-protocol text to keep, enough to identify it. */
const STRAY_LENGTH = 4000;

/** `left` says whether the client has disconnected, which does not complete an answer. */
export async function* readAnswer(answer: WireAnswer, left: () => boolean): AsyncGenerator<AnswerChunk> {
  const reading = new Reading();
  let afterword: NodeJS.Timeout | undefined;
  try {
    for await (const text of decode(answer)) {
      yield* reading.take(text);
      if (reading.done) break;
      if (reading.finished) afterword ??= setTimeout(() => answer.hangUp(), AFTERWORD_MS);
    }
    yield* reading.flush();
  } catch (error) {
    if (!reading.finished || left() || error instanceof UpstreamSaid || error instanceof UpstreamTrouble) throw error;
  } finally {
    clearTimeout(afterword);
    // A complete answer's connection can be reused; otherwise close it immediately.
    if (reading.done) answer.finish();
    else answer.hangUp();
  }
  yield reading.end();
}

/** What was received of one answer. */
class Reading {
  private readonly wire = new WireText();
  private readonly reader = new MessageReader();
  private length = 0;
  private stray = '';
  /** The upstream has signalled the end. */
  done = false;

  /** Whether the model has finished. */
  get finished(): boolean {
    return this.reader.finished;
  }

  take(text: string): Generator<AnswerChunk> {
    return this.read(this.wire.feed(text));
  }

  flush(): Generator<AnswerChunk> {
    return this.read(this.done ? [] : this.wire.end());
  }

  end(): AnswerChunk {
    if (!this.done && !this.finished) throw this.incomplete();
    if (!this.reader.known) throw malformed(this.stray);
    return this.reader.end();
  }

  private *read(messages: readonly WireMessage[]): Generator<AnswerChunk> {
    for (const message of messages) {
      // Anything after the end is not part of the answer.
      if (this.done) return;
      if (message.kind === 'done') this.done = true;
      else if (message.kind === 'stray') this.takeStray(message.text, message.event);
      else yield this.within(this.reader.take(message.value, message.event));
    }
  }

  /** An unreadable message may have contained part of the answer, unless that had ended. */
  private takeStray(text: string, event: string | undefined): void {
    if (event === 'error') throw new UpstreamSaid(null, wordsOf(text));
    this.stray = `${this.stray}${text}\n`.slice(0, STRAY_LENGTH);
    if (this.reader.known && !this.finished) throw malformed(text);
  }

  private within(chunk: AnswerChunk): AnswerChunk {
    this.length += chunk.text.length;
    if (this.length > TEXT_LIMIT)
      throw new UpstreamTrouble('too-long', `The answer exceeded ${TEXT_LIMIT / MIB} million characters and was cut off.`);
    return chunk;
  }

  private incomplete(): UpstreamTrouble {
    if (this.reader.known) return new UpstreamTrouble('truncated', 'The language model stopped in the middle of its answer. Ask again.');
    if (this.wire.isBlank) return new UpstreamTrouble('empty', 'The language model closed the connection without an answer. Ask again.');
    return malformed(this.stray);
  }
}

/** Broken JSON is not quoted: it does not help anybody. */
function malformed(stray: string): UpstreamTrouble {
  return notTheProtocol(/^\s*[[{]/.test(stray) ? '' : wordsOf(stray));
}

async function* decode(answer: WireAnswer): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let sizeBytes = 0;
  for await (const bytes of answer.body) {
    sizeBytes += bytes.length;
    if (sizeBytes > WIRE_LIMIT_BYTES)
      throw new UpstreamTrouble('too-long', `The answer exceeded ${WIRE_LIMIT_BYTES / MIB} MiB and was cut off.`);
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder.decode();
}
