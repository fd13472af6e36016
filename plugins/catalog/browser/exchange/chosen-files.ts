/** Lets the user choose files, and reads what an import needs: only the name of a file that is ignored anyway. */
import {
  CONTENT_LIMIT_BYTES,
  IMPORT_TOTAL_LIMIT_BYTES,
  type ImportRequest,
  importKind,
  TEST_DATA_LIMIT_BYTES,
} from '@ved/catalog/contract';

export type Source = 'files' | 'folder';

/** Opens the browser's file dialog; empty when it was cancelled. Must be called while a click is being handled. */
export function chooseFiles(source: Source): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (source === 'folder') input.webkitdirectory = true;
  else input.accept = '.py,.zip,.txt';
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** The files as an import request sends them. Throws when they are larger than one import may be. */
export async function readFiles(files: readonly File[]): Promise<ImportRequest['files']> {
  const parts = files.map((file) => ({ path: pathOf(file), content: neededPart(file) }));
  const size = parts.reduce((sum, { content }) => sum + content.size, 0);
  if (size > IMPORT_TOTAL_LIMIT_BYTES) {
    throw new Error(`An import can be at most ${IMPORT_TOTAL_LIMIT_BYTES / 1024 / 1024} MiB. Choose fewer files.`);
  }
  const read: ImportRequest['files'] = [];
  for (const { path, content } of parts) read.push({ path, content_base64: await base64(content) });
  return read;
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

/** One byte over the limit is enough for the server to refuse the file for its size. */
function neededPart(file: File): Blob {
  switch (importKind(pathOf(file))) {
    case 'script':
      return file.slice(0, CONTENT_LIMIT_BYTES + 1);
    case 'test-data':
      return file.slice(0, TEST_DATA_LIMIT_BYTES + 1);
    case 'zip':
      return file;
    default:
      return file.slice(0, 0);
  }
}

function base64(content: Blob): Promise<string> {
  if (content.size === 0) return Promise.resolve('');
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.addEventListener('load', () => resolve((reader.result as string).split(',')[1] ?? ''));
    reader.addEventListener('error', () => reject(new Error('A file could not be read. It may have been moved or changed.')));
    reader.readAsDataURL(content);
  });
}
