/** Zips that are sent while they are created, so that none is ever in memory as a whole. */
import { Readable } from 'node:stream';
import { type Options, ZipFile } from 'yazl';
import { RawResponse } from './router.ts';

const EMPTY = Readable.from([]);

export interface ZippedFile {
  readonly name: string;
  readonly modified?: Date;
  /** Called when it is this file's turn. */
  readonly bytes: () => Promise<Buffer> | Buffer;
}

/** The files as an attachment, in order. When one of them fails, the response is cut short, which clients notice. */
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
