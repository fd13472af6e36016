/**
 * Bounds the files of a script. They live in the memory of this process, beside
 * what the limit of memory counts; the bounds are those of a container's /tmp.
 */

const BYTES = 64 * 1024 * 1024;
const NODES = 16384;
const OPEN_FILES = 256;
const ENOSPC = 51;

/** From now on. What is there already is free. */
export function boundFiles(FS) {
  const MEMFS = FS.filesystems.MEMFS;
  const { file, dir } = MEMFS.ops_table;
  const { expandFileStorage, resizeFileStorage, createNode } = MEMFS;
  const { write } = file.stream;
  const { unlink, rmdir, rename } = dir.node;
  let freeBytes = BYTES;
  let freeNodes = NODES;

  const sizeOf = (node) => node.contents?.length ?? 0;
  const resized = (node, wanted, change) => {
    const before = sizeOf(node);
    if (wanted - before > freeBytes) throw new FS.ErrnoError(ENOSPC);
    const result = change();
    freeBytes -= sizeOf(node) - before;
    return result;
  };
  const removed = (node, change) => {
    change();
    if (!node) return;
    freeNodes += 1;
    if (FS.isFile(node.mode)) freeBytes += sizeOf(node);
  };

  FS.MAX_OPEN_FDS = OPEN_FILES;
  file.stream.write = (stream, buffer, offset, length, position, canOwn) =>
    resized(stream.node, position + length, () => write(stream, buffer, offset, length, position, canOwn));
  MEMFS.resizeFileStorage = (node, size) => resized(node, size, () => resizeFileStorage(node, size));
  // In larger steps than its own, as each copies the whole file.
  MEMFS.expandFileStorage = (node, size) => expandFileStorage(node, size > sizeOf(node) ? Math.max(size, sizeOf(node) * 1.5) : size);
  MEMFS.createNode = (...args) => {
    if (freeNodes <= 0) throw new FS.ErrnoError(ENOSPC);
    freeNodes -= 1;
    return createNode(...args);
  };
  dir.node.unlink = (parent, name) => removed(parent.contents[name], () => unlink(parent, name));
  dir.node.rmdir = (parent, name) => removed(parent.contents[name], () => rmdir(parent, name));
  dir.node.rename = (node, folder, name) => removed(folder.contents[name], () => rename(node, folder, name));
}
