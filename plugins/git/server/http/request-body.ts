/**
 * Reads the body of a clone's request, packed or not, within bounds of its size
 * as it is unpacked and of the time between its parts. What is refused is still
 * answered: the rest is dropped as it comes.
 */
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInput, type Problem, TooLarge, UnsupportedMediaType } from '@ved/core/contract';
import type { Context } from './context.ts';

/** What a client wants and has is told in such a request, 50 bytes a commit; git itself stops at some hundred. */
const LIMIT_BYTES = 4 * 1024 * 1024;
/** Between two parts. A client has its request ready before it sends any of it. */
const SILENCE_LIMIT_MS = 15_000;
/** After a refusal; beyond it the connection is cut. */
const DROP_LIMIT_BYTES = 16 * 1024 * 1024;

/** Throws TooLarge, UnsupportedMediaType, and InvalidInput for what is not gzip, falls silent or is cut short. */
export function readRequest(ctx: Pick<Context, 'req' | 'set' | 'get'>, silenceLimitMs = SILENCE_LIMIT_MS): Promise<Buffer> {
  const { req } = ctx;
  const unpack = unpacker(ctx.get('Content-Encoding'));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const settle = () => {
      clearTimeout(silence);
      req.unpipe(unpack).off('data', heard).off('close', onClose).off('error', onClose);
      unpack.removeAllListeners('data').destroy();
    };
    const refuse = (reason: Problem) => {
      settle();
      ctx.set('Connection', 'close');
      drop(ctx);
      reject(reason);
    };
    const heard = () => silence.refresh();
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
    req.on('data', heard).on('close', onClose).on('error', onClose).pipe(unpack);
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
