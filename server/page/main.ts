/** The page's entry. */
import { fetchBootData } from '@ved/core/browser';

const [boot, workspace] = await Promise.all([fetchBootData(), import('./workspace.ts')]);
await workspace.open(boot);
