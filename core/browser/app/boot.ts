/** What the workspace is started with: everything that the server knows of this person, fetched in one go. */
import { type Session, sessionRoutes, workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';

export interface BootData {
  readonly session: Session;
  /** Of the server; shown in "About". */
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Fetches all of it at once. Throws `ApiError` 401 when nobody is signed in. */
export async function fetchBootData(): Promise<BootData> {
  const workspace = createClient(workspaceRoutes);
  const [session, health, settings, state] = await Promise.all([
    createClient(sessionRoutes).me(),
    workspace.health(),
    workspace.readSettings(),
    workspace.readState(),
  ]);
  return { session, version: health.version, settings, state };
}
