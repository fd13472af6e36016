/** Modules that the page's build makes. */
declare module 'virtual:ved-pyright' {
  /** Of the worker's script and of typeshed's one file; both hashed, so kept by browsers. */
  export const workerUrl: string;
  export const typeshedUrl: string;
}
declare module 'monaco-editor/features/*/register';
declare module 'monaco-editor/languages/definitions/python/register';
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController';
