/** The catalog's migrations, in order. */
import type { Migration } from '@ved/core/server';
import { scripts } from './001-scripts.ts';
import { lineChanges } from './002-line-changes.ts';
import { unmerged } from './003-unmerged.ts';
import { forks } from './004-forks.ts';
import { deeds } from './005-deeds.ts';
import { searchText } from './006-search-text.ts';

export const migrations: readonly Migration[] = [scripts, lineChanges, unmerged, forks, deeds, searchText];
