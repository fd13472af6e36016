export interface Ved {
  readonly url: string;
  /** Signs in as one of the first two users, `ed1` and `mo1`; the result calls the API as them. */
  signIn(role: 'editor' | 'viewer'): Promise<Call>;
  /** Ends the process and removes its data folder. */
  stop(): Promise<void>;
}

/** `body` is parsed JSON, or the text of a response that is not JSON. */
export type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: any JSON that the server sends
) => Promise<{ readonly status: number; readonly body: any }>;

/**
 * Starts ved with the plugin in a folder, by default the current one, on a free port and with its own data folder. `env`
 * contains settings. Throws with the reason when the plugin does not start.
 */
export function startVed(options?: { readonly folder?: string; readonly env?: Readonly<Record<string, string>> }): Promise<Ved>;
