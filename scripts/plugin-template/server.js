/** The server half: stores greetings in its own table. */
import { routes } from './browser/routes.js';

/** @type {import('@ved/core/server').ServerPlugin} */
export default {
  id: '__id__',
  migrations: [
    {
      name: '001-greetings',
      up: (db) =>
        db.schema.createTable('__id___greetings', (table) => {
          table.increments('id');
          table.string('text').notNullable();
          table.string('said_by').notNullable();
        }),
      down: (db) => db.schema.dropTable('__id___greetings'),
    },
  ],
  async start({ db, router }) {
    const list = () => db('__id___greetings').orderBy('id').select('id', 'text', 'said_by');
    router.implement(routes, {
      listGreetings: list,
      addGreeting: async ({ body, session }) => {
        await db('__id___greetings').insert({ text: body.text, said_by: session.username });
        return list();
      },
    });
    return { stop: async () => undefined };
  },
};
