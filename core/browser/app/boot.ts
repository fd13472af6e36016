/** Everything that the workspace needs to start, fetched in one request. */
import { type Session, sessionRoutes, workspaceRoutes } from '@ved/core/contract';
import { createClient } from '../client/api-client.ts';
import { ApiError } from '../client/api-error.ts';

export interface BootData {
  readonly session: Session;
  /** The server's version, shown in "About". */
  readonly version: string;
  /** The id of the last live event before this was read. */
  readonly last_event_id: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, unknown>>;
  /** The plugins whose browser halves to start. */
  readonly plugins: readonly { readonly id: string; readonly module: string | null; readonly style: string | null }[];
}

const sessions = createClient(sessionRoutes);
const workspace = createClient(workspaceRoutes);

/** Throws `ApiError` 401 when nobody is signed in. */
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
