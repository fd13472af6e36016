/** Pyright as its package starts it, in a Node process over stdio, with pulled diagnostics. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const LANGUAGE_SERVER = createRequire(import.meta.url).resolve('pyright/langserver.index.js');
/** As in ved's editor. */
const ANALYSIS = { typeCheckingMode: 'standard', diagnosticMode: 'openFilesOnly', autoImportCompletions: true, autoSearchPaths: false };

interface Report {
  readonly items: readonly { readonly severity?: number }[];
}

export interface BarePyright {
  /** Types one character at the end, which causes an error; returns the milliseconds until it is reported. Removes the character afterwards. */
  keyToError(character: string): Promise<number>;
  stop(): void;
}

/** Opens one text in an otherwise empty folder. */
export async function startBarePyright(folder: string, text: string): Promise<BarePyright> {
  writeFileSync(
    join(folder, 'pyrightconfig.json'),
    JSON.stringify({ pythonVersion: '3.14', pythonPlatform: 'Linux', typeCheckingMode: 'standard' }),
  );
  const child = spawn(process.execPath, [LANGUAGE_SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
    items.map(({ section }) => (section === 'python' ? { analysis: ANALYSIS } : section === 'python.analysis' ? ANALYSIS : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.listen();
  const rootUri = pathToFileURL(folder).href;
  const uri = `${rootUri}/sample.py`;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'bench' }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
      textDocument: { synchronization: {}, diagnostic: { dynamicRegistration: true } },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });

  const errors = async () => {
    const { items } = await connection.sendRequest<Report>('textDocument/diagnostic', { textDocument: { uri } });
    return items.filter(({ severity }) => severity === 1).length;
  };
  const lines = text.split('\n');
  const end = { line: lines.length - 1, character: lines.at(-1)!.length };
  let version = 1;
  const replace = (length: number, by: string) =>
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [{ range: { start: end, end: { ...end, character: end.character + length } }, text: by }],
    });
  if ((await errors()) !== 0) throw new Error('the sample already has errors');
  return {
    keyToError: async (character) => {
      const startedMs = performance.now();
      await replace(0, character);
      const found = await errors();
      const elapsedMs = performance.now() - startedMs;
      if (found === 0) throw new Error('the error was not found');
      await replace(character.length, '');
      await errors();
      return elapsedMs;
    },
    stop: () => {
      connection.dispose();
      child.kill();
    },
  };
}
