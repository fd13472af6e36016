/** Starts ved as one process, configured by the environment. Slow parts start before the server itself is loaded. */
import { startAhead } from '@ved/catalog/server/ahead';

const wantsHelp = process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h');
if (!wantsHelp) startAhead();
const { help, serve } = await import('./serve.ts');
if (wantsHelp) process.stdout.write(help());
else await serve();
