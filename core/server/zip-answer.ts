/** Zips that are sent while they are made, so that none is ever held whole. */
import { Readable } from 'node:stream';
import { type Options, ZipFile } from 'yazl';
import { RawResponse } from './router.ts';

const EMPTY = Readable.from([]);

export interface ZippedFile {
  readonly name: string;
  readonly modified?: Date;
  /** Called when its turn comes. */
  readonly bytes: () => Promise<Buffer> | Buffer;
}

/** The files as an attachment, in their order. What fails in one of them cuts the answer short, which clients tell from its end. */
export function zipAnswer(fileName: string, files: Iterable<ZippedFile>): RawResponse {
  const zip = new ZipFile();
  for (const { name, modified, bytes } of files) {
    const options: Partial<Options> = modified ? { mtime: modified } : {};
    zip.addReadStreamLazy(name, options, (begin) => {
      const whole = async () => Readable.from([await bytes()]);
      whole()
        .then((stream) => begin(null, stream))
        .catch((error) => begin(error, EMPTY));
    });
  }
  const { outputStream } = zip;
  zip.on('error', (error: Error) => (outputStream as Readable).destroy(error));
  zip.end();
  return new RawResponse(outputStream as Readable, {
    contentType: 'application/zip',
    headers: { 'Content-Disposition': `attachment; filename="${fileName}"`, 'Cache-Control': 'no-store' },
  });
}
