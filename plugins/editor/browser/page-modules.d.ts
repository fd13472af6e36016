/** Modules that the page's build generates. */
declare module 'virtual:ved-pyright' {
  /** URLs of the worker's script and the typeshed file; both hashed, so browsers can cache them. */
  export const workerUrl: string;
  export const typeshedUrl: string;
}
declare module 'monaco-editor/features/*/register';
declare module 'monaco-editor/languages/definitions/python/register';
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController';
