/** Every row of the bench. */
import { catalogRows } from './catalog-rows.ts';
import type { Row } from './row.ts';
import { serverRows } from './server-rows.ts';

export const rows: readonly Row[] = [...catalogRows, ...serverRows];
