/**
 * Reads a request's JSON body within its limits. A body that is too large is
 * refused by its declared length, or as soon as it exceeds the limit; one with
 * too many values or too much nesting, before it is parsed.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { InvalidInput, type Problem, type RouteDefinition, TooLarge, UnsupportedMediaType } from '@ved/core/contract';
import { Breather } from '../thread/breather.ts';
import { JsonShape } from './json-shape.ts';
import { isLongJson, parseLongJson } from './long-json.ts';
import type { BodyShare } from './request-shares.ts';

/** The default for routes. */
export const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;
/** After a refusal, this much more is read and dropped, so that a normal client gets the response instead of a reset connection. */
const DRAIN_LIMIT_BYTES = 64 * 1024 * 1024;

/** The parsed body; `undefined` when there is none. Throws TooLarge, UnsupportedMediaType, InvalidInput, and what `share` throws. */
export async function readJsonBody(
  req: IncomingMessage,
  res: ServerResponse,
  { bodyLimitBytes: limitBytes = DEFAULT_BODY_LIMIT_BYTES, base64Members }: Pick<RouteDefinition, 'bodyLimitBytes' | 'base64Members'>,
  share: BodyShare,
): Promise<unknown> {
  const declared = req.headers['content-length'];
  const chunked = req.headers['transfer-encoding'] !== undefined;
  if (!chunked && (declared === undefined || declared === '0')) return undefined;
  if (declared !== undefined && Number(declared) > limitBytes) throw refuse(req, tooLarge(limitBytes));
  checkMediaType(req);
  if (declared !== undefined) unlessRefused(req, () => share.announce(Number(declared)));
  if (req.headers.expect !== undefined) res.writeContinue();
  // A small body arrives with its head: waiting for events would only cost turns of the event loop.
  const body = req.complete ? readAtOnce(req, limitBytes, share) : await readBlocks(req, limitBytes, share);
  return body.length === 0 ? undefined : parseJson(body, base64Members);
}

/** The names that clients use for UTF-8, and its subset ASCII. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

function checkMediaType(req: IncomingMessage): void {
  const contentType = req.headers['content-type'] ?? '';
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(mediaType)) {
    throw new UnsupportedMediaType('request/unsupported-media-type', 'Send the body as JSON, with Content-Type: application/json.');
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1]?.toLowerCase();
  if (charset !== undefined && !UTF8_NAMES.has(charset)) {
    throw new UnsupportedMediaType('request/unsupported-charset', 'Send the body in UTF-8, the only encoding of JSON, and omit charset.');
  }
  const encoding = req.headers['content-encoding'];
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new UnsupportedMediaType('request/unsupported-encoding', 'Send the body without Content-Encoding.');
  }
}

interface ReadBody {
  readonly blocks: readonly Buffer[];
  /** Total bytes. */
  readonly length: number;
  /** Total JSON values. */
  readonly values: number;
}

function readAtOnce(req: IncomingMessage, limitBytes: number, share: BodyShare): ReadBody {
  const bytes: Buffer = req.read() ?? Buffer.alloc(0);
  if (bytes.length > limitBytes) throw refuse(req, tooLarge(limitBytes));
  unlessRefused(req, () => share.take(bytes.length));
  const shape = new JsonShape();
  shape.take(bytes);
  return { blocks: [bytes], length: bytes.length, values: shape.values };
}

/** Joined as they arrive: copying the largest body at the end would block the server. */
const BLOCK_BYTES = 1024 * 1024;

function readBlocks(req: IncomingMessage, limitBytes: number, share: BodyShare): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const blocks: Buffer[] = [];
    let chunks: Buffer[] = [];
    let inChunks = 0;
    const join = () => {
      // The thread that parses them gets them as they are.
      if (isLongJson(size, shape.values)) blocks.push(...chunks);
      else blocks.push(Buffer.concat(chunks, inChunks));
      [chunks, inChunks] = [[], 0];
    };
    const shape = new JsonShape();
    let size = 0;
    const settle = (act: () => void) => {
      req.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      act();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > limitBytes) throw tooLarge(limitBytes);
        share.take(chunk.length);
        shape.take(chunk);
        chunks.push(chunk);
        inChunks += chunk.length;
        if (inChunks >= BLOCK_BYTES) join();
      } catch (error) {
        settle(() => reject(refuse(req, error as Problem)));
      }
    };
    const onEnd = () =>
      settle(() => {
        join();
        resolve({ blocks, length: size, values: shape.values });
      });
    const onError = (error: Error) => settle(() => reject(cutShort(error)));
    const onClose = () => settle(() => reject(cutShort()));
    req.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}

/** Passes on the reason of a refusal; the rest of the body is read and dropped, up to a limit. */
function refuse(req: IncomingMessage, reason: Problem): Problem {
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > DRAIN_LIMIT_BYTES) req.destroy();
  });
  req.on('error', () => undefined);
  return reason;
}

function unlessRefused(req: IncomingMessage, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw refuse(req, error as Problem);
  }
}

function tooLarge(limitBytes: number): TooLarge {
  return new TooLarge('request/too-large', `The body is larger than the ${limitBytes} bytes that this route allows.`);
}

function cutShort(cause?: Error): InvalidInput {
  return new InvalidInput('request/cut-short', 'The request body was cut short.', { cause });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

async function parseJson({ blocks, length, values }: ReadBody, base64Members: readonly string[] = []): Promise<unknown> {
  try {
    if (isLongJson(length, values)) {
      const value = await parseLongJson(blocks.map(withOwnMemory), base64Members);
      // Many values take a while to copy from the thread, and to validate.
      await setImmediate();
      return value;
    }
    const breather = new Breather();
    const value: unknown = JSON.parse(utf8.decode(blocks.length === 1 ? blocks[0] : Buffer.concat(blocks)));
    // Many values take a while to parse, and to validate.
    await breather.breathe();
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new InvalidInput('request/malformed-json', 'The body is not valid JSON in UTF-8.', { cause: error });
  }
}

/** The blocks that can be transferred to a thread. Small blocks share their memory with others. */
function withOwnMemory(block: Buffer): Uint8Array<ArrayBuffer> {
  return block.length === block.buffer.byteLength ? (block as Uint8Array<ArrayBuffer>) : new Uint8Array(block);
}
