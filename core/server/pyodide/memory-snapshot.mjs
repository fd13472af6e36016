/**
 * Saves the memory of a started CPython to a file from which others start. Pyodide's own snapshot is 30 MiB that are
 * read and copied as a whole, and more than half of it is zeros; here only non-zero pages are saved, and they are read
 * directly into the interpreter's memory.
 *
 * Plain JavaScript that imports only pyodide and Node's own modules: it runs in the server's child processes, from the
 * source tree, whether the server is bundled or not. It uses `_makeSnapshot`, `_loadSnapshot` and
 * `createPyodideModule`, which are private parts of Pyodide, so its version is pinned.
 *
 * File format: 4 bytes with the length of the header (little endian), the header as JSON, then the runs of pages.
 */
import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PAGE_BYTES = 4096;

/**
 * Starts CPython without a snapshot, lets `prepare` run what every later one should have, and saves its memory at
 * `path`: completely or not at all, even after a power loss.
 */
export async function makeSnapshot(path, pyodideDir, options, prepare) {
  const python = await loadAfresh(pyodideDir, { ...options, _makeSnapshot: true });
  prepare(python);
  const snapshot = python.makeMemorySnapshot();
  const [, headerBytes] = new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2);
  const header = snapshot.slice(0, headerBytes);
  const memory = snapshot.slice(headerBytes);
  // What a new instance contains before it is filled must be overwritten, with zeros too.
  const isWritten = await writtenPages(pyodideDir, options, header, memory);
  const runs = [];
  for (let at = 0; at < memory.length; at += PAGE_BYTES) {
    if (!isWritten(at) && isZero(memory, at)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === at) last[1] += PAGE_BYTES;
    else runs.push([at, PAGE_BYTES]);
  }
  const head = Buffer.from(JSON.stringify({ memoryBytes: memory.length, header: Buffer.from(header).toString('base64'), runs }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const partial = `${path}.${process.pid}`;
  const file = openSync(partial, 'w');
  for (const part of [length, head, ...runs.map(([at, bytes]) => memory.subarray(at, at + bytes))]) writeAll(file, part);
  // A truncated file with the right name would break every later start.
  fsyncSync(file);
  closeSync(file);
  renameSync(partial, path);
  // Windows cannot sync folders, and does not need to.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Starts CPython with the memory saved at `path`. Throws when there is none, or it is of another version of Pyodide. */
export async function loadFromSnapshot(path, pyodideDir, options) {
  const file = openSync(path, 'r');
  try {
    const length = Buffer.alloc(4);
    readAll(file, length);
    const head = Buffer.alloc(length.readUInt32LE());
    readAll(file, head);
    const { memoryBytes, header, runs } = JSON.parse(head.toString());
    return await loadInto(pyodideDir, options, Buffer.from(header, 'base64'), memoryBytes, (memory) => {
      for (const [at, bytes] of runs) readAll(file, memory.subarray(at, at + bytes));
    });
  } finally {
    closeSync(file);
  }
}

/** Returns a function that says whether an instance itself writes the page at an offset before it is filled. */
async function writtenPages(pyodideDir, options, header, memory) {
  const written = new Set();
  await loadInto(pyodideDir, options, header, memory.length, (fresh) => {
    for (let at = 0; at < fresh.length; at += PAGE_BYTES) if (!isZero(fresh, at)) written.add(at);
    fresh.set(memory);
  });
  return (at) => written.has(at);
}

/** Starts CPython with memory of that size, which `fill` fills before anything runs. */
function loadInto(pyodideDir, options, header, memoryBytes, fill) {
  const createPyodideModule = async (settings) => {
    const { default: create } = await import(pathToFileURL(join(pyodideDir, 'pyodide.asm.mjs')).href);
    settings.INITIAL_MEMORY = memoryBytes;
    const module = await create(settings);
    fill(module.HEAPU8);
    return module;
  };
  // Pyodide reads the snapshot's header; there is nothing after it to copy.
  return loadAfresh(pyodideDir, { ...options, _loadSnapshot: Uint8Array.from(header), createPyodideModule });
}

/** Starts CPython without a snapshot. */
export async function loadAfresh(pyodideDir, options) {
  const { loadPyodide } = await import(pathToFileURL(join(pyodideDir, 'pyodide.mjs')).href);
  return loadPyodide({ indexURL: pyodideDir, ...options });
}

/** The size of a page. */
function isZero(bytes, at) {
  return new BigUint64Array(bytes.buffer, bytes.byteOffset + at, PAGE_BYTES / 8).every((word) => word === 0n);
}

function readAll(file, into) {
  for (let done = 0; done < into.length; ) {
    const bytes = readSync(file, into, done, into.length - done);
    if (bytes === 0) throw new Error("the interpreter's memory snapshot is truncated");
    done += bytes;
  }
}

function writeAll(file, from) {
  for (let done = 0; done < from.length; ) done += writeSync(file, from, done);
}
