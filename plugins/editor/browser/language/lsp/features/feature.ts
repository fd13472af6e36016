/** What a feature file exports: a function that registers it with Monaco when the server supports it. */
import type * as monaco from 'monaco-editor/editor';
import type { LspClient } from '../client.ts';

/** Null when the server does not support it. */
export type RegisterFeature = (client: LspClient, selector: monaco.languages.LanguageSelector) => monaco.IDisposable | null;
