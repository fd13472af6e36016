/** The assistant's schema, step by step. */
import type { Migration } from '@ved/core/server';
import { interactions } from './001-interactions.ts';

export const llmMigrations: readonly Migration[] = [interactions];
