/**
 * npm `pyright`'s own language server, unmodified, in a Web Worker.
 *
 * The page talks JSON-RPC over `postMessage`. Two methods are the worker's own:
 * `ved/boot` (a notification, sent first: where the typeshed is and which files
 * to create) and `ved/readFile` (a request: the text of a file that the server
 * knows, such as a stub). Everything else goes to the server unchanged and in
 * order; messages that arrive before it is up wait.
 */
import { vol } from 'memfs';
import type { BootParams, ReadFileParams } from './protocol.ts';
import { process } from './shims/process.ts';

interface RpcMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
}

declare const self: DedicatedWorkerGlobalScope;

const TYPESHED_FOLDER = '/pyright/typeshed-fallback';

let booting: Promise<void> | null = null;

self.onmessage = ({ data }: MessageEvent<RpcMessage>) => {
  if (data.method === 'ved/boot') {
    booting = boot(data.params as BootParams);
    booting.catch((error: unknown) => self.reportError(error));
    return;
  }
  // The promise keeps the order of messages, before and after the boot.
  booting?.then(
    () => deliver(data),
    () => undefined,
  );
};

async function boot({ typeshedUrl, files }: BootParams): Promise<void> {
  Object.assign(globalThis, { global: globalThis, __rootDirectory: '/pyright/' });
  vol.fromJSON(await fetchTypeshed(typeshedUrl), TYPESHED_FOLDER);
  vol.fromJSON(files, '/');
  vol.mkdirSync('/tmp', { recursive: true });
  const listening = untilListening();
  await import('pyright/dist/pyright-langserver.js');
  await listening;
}

async function fetchTypeshed(url: string): Promise<Record<string, string>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the type stubs of Python's library could not be loaded (${url}: HTTP ${response.status})`);
  return response.json();
}

/** The server's main function is asynchronous: it is up once it listens on its IPC channel. */
function untilListening(): Promise<void> {
  return new Promise((resolve) => {
    process.on('newListener', (event: string) => {
      if (event === 'message') queueMicrotask(resolve);
    });
  });
}

function deliver(message: RpcMessage): void {
  if (message.method === 'ved/readFile') readFile(message);
  else process.emit('message', message);
}

function readFile({ id, params }: RpcMessage): void {
  const path = decodeURIComponent(new URL((params as ReadFileParams).uri).pathname);
  const result = vol.existsSync(path) ? vol.readFileSync(path, 'utf8') : null;
  self.postMessage({ jsonrpc: '2.0', id, result });
}
