/** An index to find the forks of a script without scanning all versions. */
import type { Migration } from '@ved/core/server';

export const forks: Migration = {
  name: '004-forks',
  async up(db) {
    await db.raw('CREATE INDEX catalog_versions_parent ON catalog_versions (parent_script_id) WHERE parent_script_id IS NOT NULL');
  },
  async down(db) {
    await db.raw('DROP INDEX catalog_versions_parent');
  },
};
