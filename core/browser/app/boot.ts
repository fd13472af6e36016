/** What the workspace is started with: everything that the server knows of this person, fetched in one go. */
import { type Session, sessionRoutes, workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { ApiError } from '../client/api-error.ts';

export interface BootData {
  readonly session: Session;
  /** Of the server; shown in "About". */
  readonly version: string;
  /** Of the last live event before all of this was read. */
  readonly last_event_id: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, unknown>>;
  /** The plugins whose halves in the page are to be started. */
  readonly plugins: readonly { readonly id: string; readonly module: string | null; readonly style: string | null }[];
}

const sessions = createClient(sessionRoutes);
const workspace = createClient(workspaceRoutes);

/** Fetches all of it. Throws `ApiError` 401 when nobody is signed in. */
export function fetchBootData(): Promise<BootData> {
  return workspace.boot();
}

/** Who is signed in, or null. */
export async function fetchSession(): Promise<Session | null> {
  try {
    return await sessions.me();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
