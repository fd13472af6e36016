/** What browser plugins and the page may use. */
export * from './tokens.ts';
