/** The page's entry: small, so that the sign-in page is shown immediately. */
import { startPage } from '@ved/core/browser';

await startPage(() => import('./workspace.ts'));
