/** The runner's schema, step after step. */
import type { Migration } from '@ved/core/server';
import { runs } from './001-runs.ts';

export const runnerMigrations: readonly Migration[] = [runs];
