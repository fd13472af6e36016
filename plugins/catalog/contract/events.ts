/** Live events of the catalog. */
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';

/** A script was created, saved, merged, taken off prod, moved, deleted, restored or run. */
export const catalogChanged = defineEvent(
  'catalog/changed',
  z.object({
    script_ids: z.array(z.number().int()),
    kind: z.enum(['created', 'saved', 'merged', 'unpublished', 'moved', 'deleted', 'restored', 'ran']),
    by: z.string(),
  }),
);
