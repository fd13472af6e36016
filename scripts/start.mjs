/** `npm start`: installs missing packages, builds what is stale, and serves the workspace. */
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
await import('../build/server/main.js');
