/**
 * Reads the body of a clone request, gzipped or plain, with limits on its
 * uncompressed size and on the time between its chunks. A refused request still
 * gets a response: the rest of its body is read and dropped.
 */
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInput, type Problem, TooLarge, UnsupportedMediaType } from '@ved/core/contract';
import type { Context } from './context.ts';

/** The request lists the commits that the client wants and has, 50 bytes each; git itself stops at a few hundred. */
const LIMIT_BYTES = 4 * 1024 * 1024;
/** The longest pause between two chunks. A client has its whole request ready before it sends any of it. */
const SILENCE_LIMIT_MS = 15_000;
/** How much is read and dropped after a refusal, before the connection is cut. */
const DROP_LIMIT_BYTES = 16 * 1024 * 1024;

/** Throws TooLarge, UnsupportedMediaType, and InvalidInput for a body that is not valid gzip, stalls or is cut short. */
export function readRequest(ctx: Pick<Context, 'req' | 'set' | 'get'>, silenceLimitMs = SILENCE_LIMIT_MS): Promise<Buffer> {
  const { req } = ctx;
  const unpack = unpacker(ctx.get('Content-Encoding'));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const settle = () => {
      clearTimeout(silence);
      req.unpipe(unpack).off('data', onData).off('close', onClose).off('error', onClose);
      unpack.removeAllListeners('data').destroy();
    };
    const refuse = (reason: Problem) => {
      settle();
      ctx.set('Connection', 'close');
      drop(ctx);
      reject(reason);
    };
    const onData = () => silence.refresh();
    const onClose = () => {
      if (!req.complete) refuse(new InvalidInput('git/cut-short', 'The clone request was cut short. Clone again.'));
    };
    const silence = setTimeout(
      () =>
        refuse(
          new InvalidInput(
            'git/silent',
            `The client sent nothing for ${silenceLimitMs / 1000} s in the middle of the request. Clone again.`,
          ),
        ),
      silenceLimitMs,
    );
    unpack.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= LIMIT_BYTES) parts.push(part);
      else refuse(tooLarge());
    });
    unpack.on('end', () => {
      settle();
      resolve(Buffer.concat(parts, bytes));
    });
    unpack.on('error', (cause) => refuse(new InvalidInput('git/bad-gzip', 'The clone request is not valid gzip. Clone again.', { cause })));
    req.on('data', onData).on('close', onClose).on('error', onClose).pipe(unpack);
  });
}

function unpacker(encoding: string): PassThrough | ReturnType<typeof createGunzip> {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === '' || encoding === 'identity') return new PassThrough();
  throw new UnsupportedMediaType('git/unexpected-encoding', 'Send the clone request plain or as gzip, as git does.');
}

function drop({ req }: Pick<Context, 'req'>): void {
  let dropped = 0;
  req.on('error', () => undefined);
  req.on('data', (part: Buffer) => {
    dropped += part.length;
    if (dropped > DROP_LIMIT_BYTES) req.destroy();
  });
  req.resume();
}

function tooLarge(): TooLarge {
  return new TooLarge(
    'git/request-too-large',
    `The clone request is larger than ${LIMIT_BYTES} bytes uncompressed, more than git ever sends. Clone into an empty folder.`,
  );
}
