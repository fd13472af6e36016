/** The page's entry: small, so that sign-in is there at once. */
import { startPage } from '@ved/core/browser';

await startPage(() => import('./workspace.ts'));
