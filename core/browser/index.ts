/** The public API for browser plugins and the page. */
import './client/without-eval.ts';

export * from './app/boot.ts';
export * from './app/start-workspace.ts';
export * from './app/ved-plugin.ts';
export * from './client/api-client.ts';
export * from './client/api-error.ts';
export * from './client/event-stream.ts';
export * from './live/live-list.ts';
export * from './page/start-page.ts';
export * from './parts/focus-at-first.ts';
export * from './parts/panel-message.tsx';
export * from './parts/relative-time.tsx';
export * from './parts/safe-name.ts';
export * from './parts/time-text.ts';
export * from './parts/use-loaded.ts';
export * from './shell/clicked-id.ts';
export * from './tokens.ts';
export * from './upload/upload.ts';
export * from './upload/upload-card.tsx';
