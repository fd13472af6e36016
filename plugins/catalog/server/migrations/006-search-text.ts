/** Search text is now fully folded, and names and descriptions have limits: applies both to existing rows. */
import { DESCRIPTION_LIMIT, foldForSearch, NAME_LIMIT } from '@ved/catalog/contract';
import type { Migration } from '@ved/core/server';

interface Text {
  readonly script_id: number;
  readonly content: string;
  readonly name: string;
  readonly description: string;
}

export const searchText: Migration = {
  name: '006-search-text',
  async up(db) {
    for (const [column, limit] of [
      ['name', NAME_LIMIT],
      ['description', DESCRIPTION_LIMIT],
    ] as const) {
      await db('catalog_versions')
        .whereRaw(`LENGTH(${column}) > ${limit}`)
        .update({ [column]: db.raw(`SUBSTR(${column}, 1, ${limit - 1}) || '…'`) });
    }
    const ids = await db('catalog_contents').pluck<number[]>('script_id');
    for (const id of ids) {
      const text = await db('catalog_contents as c')
        .join('catalog_scripts as s', 's.id', 'c.script_id')
        .join('catalog_versions as v', 'v.id', 's.latest_version_id')
        .where('c.script_id', id)
        .first<Text | undefined>('c.script_id', 'c.content', 'v.name', 'v.description');
      if (!text) continue;
      const search_text = foldForSearch(`${text.name}\n${text.description}\n${text.content}`);
      await db('catalog_contents').where({ script_id: id }).update({ search_text });
    }
  },
  async down() {
    // An older ved folds less, so it may find less until each script is saved again.
  },
};
