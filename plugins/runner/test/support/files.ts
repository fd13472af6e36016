/** Creates files of a run from their names and texts. */
import { GatheredFiles, type NewFiles } from '../../server/files/gathered-files.ts';

export async function filesOf(texts: Readonly<Record<string, string>>): Promise<NewFiles> {
  const gathered = new GatheredFiles();
  for (const [name, text] of Object.entries(texts)) gathered.add({ type: 'file', name, data: Buffer.from(text) });
  return gathered.end();
}
