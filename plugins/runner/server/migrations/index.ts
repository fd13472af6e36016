/** The runner's schema, migration by migration. */
import type { Migration } from '@ved/core/server';
import { runs } from './001-runs.ts';
import { interpreters } from './002-interpreters.ts';
import { files } from './003-files.ts';
import { reused } from './004-reused.ts';
import { foundAgain } from './005-found-again.ts';
import { record } from './006-record.ts';
import { errorLine } from './007-error-line.ts';
import { needsPackages } from './008-needs-packages.ts';

export const runnerMigrations: readonly Migration[] = [runs, interpreters, files, reused, foundAgain, record, errorLine, needsPackages];
