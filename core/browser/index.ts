/** The public API for browser plugins and the page. */
import './client/without-eval.ts';

export * from './app/boot.ts';
export * from './app/start-workspace.ts';
export * from './app/ved-plugin.ts';
export * from './headless.ts';
export * from './page/start-page.ts';
export * from './parts/focus-at-first.ts';
export * from './parts/panel-message.tsx';
export * from './parts/relative-time.tsx';
export * from './parts/use-loaded.ts';
export * from './shell/clicked-id.ts';
export * from './upload/upload.ts';
export * from './upload/upload-card.tsx';
