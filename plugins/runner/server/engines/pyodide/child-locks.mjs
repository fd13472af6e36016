/** The locks of a child: what a script might reach through JavaScript, memory and files is taken away or bounded. */
import { constants } from 'node:fs';

const PAGE_BYTES = 65536;
/** As the tmpfs of a container. */
const FILE_BYTES = 64 * 1024 * 1024;
const FILE_NODES = 16384;
const ENOSPC = 51;

/** Answers the one question that Pyodide's start asks of `process.binding`, which Node's permissions refuse. */
export function allowBoot() {
  process.binding = () => ({ fs: constants });
}

/** Bounds WebAssembly memory; until `limit` is called, only by the machine. */
export function capMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  let limitBytes = Number.POSITIVE_INFINITY;
  let refused = false;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const wanted = this.buffer.byteLength + pages * PAGE_BYTES;
    if (wanted > limitBytes) {
      refused = true;
      throw new RangeError('memory limit');
    }
    return grow.call(this, pages);
  };
  return {
    limit(value) {
      limitBytes = value;
    },
    refused: () => refused,
  };
}

/** Bounds the files of a script, which live in the memory of this process. */
export function limitFiles(FS) {
  const MEMFS = FS.filesystems.MEMFS;
  const { expandFileStorage, resizeFileStorage, createNode } = MEMFS;
  let freeBytes = Number.POSITIVE_INFINITY;
  let freeNodes = Number.POSITIVE_INFINITY;
  const take = (bytes) => {
    if (bytes > freeBytes) throw new FS.ErrnoError(ENOSPC);
    freeBytes -= bytes;
  };
  MEMFS.expandFileStorage = (node, capacity) => {
    const before = node.contents?.length ?? 0;
    if (capacity > before) take(capacity - before);
    expandFileStorage(node, capacity);
  };
  MEMFS.resizeFileStorage = (node, size) => {
    take(size - (node.contents?.length ?? 0));
    resizeFileStorage(node, size);
  };
  MEMFS.createNode = (...args) => {
    if (freeNodes <= 0) throw new FS.ErrnoError(ENOSPC);
    freeNodes -= 1;
    return createNode(...args);
  };
  return {
    write(folder, path, data) {
      FS.mkdirTree(folder);
      FS.writeFile(path, data);
    },
    lock() {
      freeBytes = FILE_BYTES;
      freeNodes = FILE_NODES;
    },
  };
}

/** Takes from the process what would help a script that has found its way into JavaScript. */
export function closeProcess() {
  const names = [
    'getBuiltinModule',
    'binding',
    '_linkedBinding',
    'kill',
    '_kill',
    'dlopen',
    '_debugProcess',
    'mainModule',
    'env',
    'chdir',
    'abort',
  ];
  for (const name of names) Object.defineProperty(process, name, { value: undefined, writable: false, configurable: false });
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'require', 'Worker', 'navigator']) delete globalThis[name];
}
