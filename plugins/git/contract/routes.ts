/** HTTP routes of the repository itself. Versions, merge and diff of a script are the catalog's routes. */
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

export const RepositoryStatus = z.object({
  branches: z.array(z.object({ name: z.string(), head: z.string(), commits: z.number().int().nullable() })),
  loose_objects: z.number().int(),
  packs: z.number().int(),
});
export type RepositoryStatus = z.infer<typeof RepositoryStatus>;

export const gitRoutes = defineRoutes({
  repositoryStatus: {
    method: 'GET',
    path: '/api/git/status',
    access: 'viewer',
    summary: 'Branches and size of the scripts repository',
    response: RepositoryStatus,
  },
});
