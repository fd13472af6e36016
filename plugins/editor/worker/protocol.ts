/** The worker's own messages, in addition to the language server protocol. */

/** `ved/boot`, a notification: sent once, before anything else. */
export interface BootParams {
  /** A JSON object of typeshed's `stdlib`: text by path. */
  readonly typeshedUrl: string;
  /** Further files, text by absolute path: the configuration, stubs of the run environment. */
  readonly files: Readonly<Record<string, string>>;
}

/** `ved/readFile`, a request answered with the text or null. */
export interface ReadFileParams {
  /** A `file:` URI inside the worker. */
  readonly uri: string;
}
