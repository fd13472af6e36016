/** Lets a person choose files, and reads of them what an import needs: of what is ignored anyway, the name only. */
import {
  CONTENT_LIMIT_BYTES,
  IMPORT_TOTAL_LIMIT_BYTES,
  type ImportRequest,
  importKind,
  TEST_DATA_LIMIT_BYTES,
} from '@ved/catalog/contract';

export type Source = 'files' | 'folder';

/** What the browser's own dialog gave; empty when the person left it. To be called while a click is being handled. */
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

/** The files as an import wants them. Throws when they are more than one import takes. */
export async function readFiles(files: readonly File[]): Promise<ImportRequest['files']> {
  const parts = files.map((file) => ({ path: pathOf(file), content: neededOf(file) }));
  const size = parts.reduce((sum, { content }) => sum + content.size, 0);
  if (size > IMPORT_TOTAL_LIMIT_BYTES) {
    throw new Error(`One import takes at most ${IMPORT_TOTAL_LIMIT_BYTES / 1024 / 1024} MiB. Choose fewer files.`);
  }
  const read: ImportRequest['files'] = [];
  for (const { path, content } of parts) read.push({ path, content_base64: await base64(content) });
  return read;
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

/** One byte more than a limit is enough for the server to refuse the file by its size. */
function neededOf(file: File): Blob {
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
    reader.addEventListener('error', () => reject(new Error('A file could not be read. Has it been moved or changed?')));
    reader.readAsDataURL(content);
  });
}
