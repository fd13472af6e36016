/** Import requests as a client makes them, and the server they are sent to. */
import type { ImportedFile } from '@ved/catalog/contract';
import type { Agent, AgentResponse } from '../../../../test/support/agent.ts';
import { type CatalogServer, empty, startCatalog } from '../support/catalog-server.ts';

export const MIB = 1024 * 1024;

type Content = string | Uint8Array;

/** A script with this name that does nothing. */
export const script = (name: string): string => `"""${name}"""\n`;

/** Registers the hooks of a `describe`: one server, whose catalog is empty when a test starts. */
export function importing() {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());
  afterEach(() => empty(catalog));
  return {
    get catalog() {
      return catalog;
    },
    importFiles: (files: Parameters<typeof importBody>[0], more: object = {}) => catalog.ed.post('/api/import', importBody(files, more)),
  };
}

export function importBody(files: Readonly<Record<string, Content>> | readonly (readonly [string, Content])[], more: object = {}) {
  const entries = Array.isArray(files) ? files : Object.entries(files);
  return { files: entries.map(([path, content]) => ({ path, content_base64: Buffer.from(content).toString('base64') })), ...more };
}

export function preview(agent: Agent, files: Parameters<typeof importBody>[0]): Promise<AgentResponse> {
  return agent.post('/api/import/preview', importBody(files));
}

/** Number and outcome of each file in a report, by path. */
export function outcomes(report: { files: ImportedFile[] }): Record<string, string> {
  return Object.fromEntries(
    report.files.map(({ path, outcome, code, ordering_number }) => [
      path,
      [outcome, code ?? ordering_number].filter((part) => part !== null).join(' '),
    ]),
  );
}

/** Names and numbers of the scripts in the catalog. */
export async function numbers(agent: Agent): Promise<Record<string, number>> {
  const { body } = await agent.get('/api/scripts');
  return Object.fromEntries(
    body.map((script: { descriptive_name: string; ordering_number: number }) => [script.descriptive_name, script.ordering_number]),
  );
}
