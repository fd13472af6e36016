/** The locks of a child: what a script might reach through JavaScript, memory and files is taken away or bounded. */
import { constants } from 'node:fs';
import * as modules from 'node:module';
import { resolve } from './child-imports.mjs';

const PAGE_BYTES = 65536;
/** Of `tp_new` in a PyTypeObject, where a pointer has four bytes. */
const NEW_OFFSET = 156;

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

/**
 * Makes a built-in module unknown to the interpreter, so that it cannot be imported again: out of its table of them,
 * and out of what it remembers of those that were.
 */
export function forgetBuiltin(C, name) {
  const pointer = C.stringToNewUTF8(name);
  const text = C._PyUnicode_FromString(pointer);
  C.__PyImport_ClearExtension(text, text);
  for (let entry = C.HEAPU32[C._PyImport_Inittab >> 2]; C.HEAPU32[entry >> 2] !== 0; entry += 8) {
    const known = C.HEAPU32[entry >> 2];
    if (C.UTF8ToString(known) === name) C.HEAPU8[known] = '?'.charCodeAt(0);
  }
  C._free(pointer);
}

/**
 * Lets nobody make instances of classes, by their addresses. Those of JavaScript's objects are still found among the
 * subclasses of `object`, and an instance of `JsException` is an Error whose constructor leads to all the rest.
 */
export function forbidInstances(C, classes) {
  for (const address of classes) C.HEAPU32[(address + NEW_OFFSET) >> 2] = 0;
}

/**
 * Denies import(), of what Node brings too and of `data:`, which would be code from text. Older versions of Node can only
 * have a thread of its own asked about each, which starts here.
 */
export function denyImports() {
  if (modules.registerHooks) modules.registerHooks({ resolve });
  else modules.register('./child-imports.mjs', import.meta.url);
}

const [EHOSTUNREACH, ENOTSUP] = [23, 138];

/** Has sockets refuse as an exception in Python what would ask Node for a network, which Node's permissions answer by ending the interpreter. */
export function closeSockets({ SOCKFS, FS }) {
  const operations = SOCKFS?.websocket_sock_ops;
  if (!operations) return;
  const refuse = (errno) => () => {
    throw new FS.ErrnoError(errno);
  };
  operations.listen = refuse(ENOTSUP);
  operations.createPeer = refuse(EHOSTUNREACH);
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
    'execve',
    'report',
  ];
  for (const name of names) Object.defineProperty(process, name, { value: undefined, writable: false, configurable: false });
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'require', 'Worker', 'navigator']) delete globalThis[name];
}
