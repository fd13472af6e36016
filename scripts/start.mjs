/** `npm start`: gets what is missing, builds what is stale, serves the workspace. */
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt();
await import('../build/server/main.js');
