import { expect } from 'chai';
import { type CatalogServer, create, empty, ok, startCatalog } from './support/catalog-server.ts';

describe('the order of scripts', () => {
  let catalog: CatalogServer;
  let ids: number[] = [];
  before(async () => {
    catalog = await startCatalog();
  });
  beforeEach(async () => {
    await empty(catalog);
    ids = [];
    for (let i = 0; i < 4; i += 1) ids.push((await create(catalog.ed, { content: `"""Script ${i}"""` })).id);
  });
  after(() => catalog.stop());

  const numbers = async (): Promise<[number, number][]> =>
    (await ok(catalog.viewer.get('/api/scripts'))).map((script: { id: number; ordering_number: number }) => [
      script.id,
      script.ordering_number,
    ]);
  const reorder = (...moves: [number | undefined, number][]) =>
    catalog.ed.patch('/api/scripts/order', { moves: moves.map(([id, ordering_number]) => ({ id, ordering_number })) });

  it('changes to the new numbers, which the response lists', async () => {
    const list = await ok(reorder([ids[0], 2.01], [ids[3], 0.01]));
    expect(list.map((script: { id: number }) => script.id)).to.deep.equal([ids[3], ids[1], ids[0], ids[2]]);
    expect(await numbers()).to.deep.equal([
      [ids[3], 0.01],
      [ids[1], 2],
      [ids[0], 2.01],
      [ids[2], 3],
    ]);
  });

  it('lets scripts swap numbers in one request (N7)', async () => {
    await ok(reorder([ids[0], 2], [ids[1], 3], [ids[2], 1]));
    expect(await numbers()).to.deep.equal([
      [ids[2], 1],
      [ids[0], 2],
      [ids[1], 3],
      [ids[3], 4],
    ]);
  });

  it('treats 3.1 as 3.10 (N1, N2)', async () => {
    await ok(reorder([ids[0], 3.1]));
    expect((await reorder([ids[1], 3.1])).status).to.equal(409);
    expect(await numbers()).to.deep.include([ids[0], 3.1]);
  });

  it('changes nothing when one move is refused (N7, N8)', async () => {
    const before = await numbers();
    for (const [moves, status, code] of [
      [
        [
          [ids[0], 9],
          [ids[1], 4],
        ],
        409,
        'catalog/number-taken',
      ],
      [
        [
          [ids[0], 9],
          [ids[1], 9],
        ],
        409,
        'catalog/number-taken',
      ],
      [
        [
          [ids[0], 9],
          [ids[1], 9.001],
        ],
        422,
        'catalog/bad-number',
      ],
      [
        [
          [ids[0], 9],
          [ids[0], 10],
        ],
        422,
        'catalog/moved-twice',
      ],
      [
        [
          [ids[0], 9],
          [4711, 10],
        ],
        404,
        'catalog/no-such-script',
      ],
    ] as [[number, number][], number, string][]) {
      const answer = await reorder(...moves);
      expect([answer.status, answer.body.code]).to.deep.equal([status, code]);
    }
    expect((await reorder()).status).to.equal(400);
    expect(await numbers()).to.deep.equal(before);
  });

  it('names the script that has a number (N2)', async () => {
    const { body } = await reorder([ids[0], 4]);
    expect(body.taken_by).to.deep.equal({ id: ids[3], ordering_number: 4, descriptive_name: 'Script 3' });
  });

  it('suggests a number that is free (N4)', async () => {
    const { body } = await reorder([ids[0], 4]);
    expect([body.next_free, body.detail]).to.deep.equal([4.01, `4.00 is taken by “Script 3” (script ${ids[3]}). 4.01 is free.`]);
  });

  it('moves nothing when a script no longer has the number in the request (N9)', async () => {
    const before = await numbers();
    const moves = [
      { id: ids[0], ordering_number: 9, from: 1 },
      { id: ids[1], ordering_number: 10, from: 5 },
    ];
    const { status, body } = await catalog.ed.patch('/api/scripts/order', { moves });
    expect([status, body.code]).to.deep.equal([409, 'catalog/order-changed']);
    expect(body).to.include({ script_id: ids[1], ordering_number: 2 });
    expect(await numbers()).to.deep.equal(before);
  });

  it('has no number left after the last group (N5)', async () => {
    await create(catalog.ed, { ordering_number: 99_999.5 });
    const { status, body } = await catalog.ed.post('/api/scripts', {});
    expect([status, body.code]).to.deep.equal([409, 'catalog/no-number-left']);
  });

  it('moves many scripts in one request', async () => {
    const more: number[] = [];
    for (let i = 0; i < 60; i += 1) more.push((await create(catalog.ed, { content: `${i}` })).id);
    const all = [...ids, ...more].reverse();
    await ok(reorder(...all.map((id, i): [number, number] => [id, (100 + i) / 100])));
    expect((await numbers()).map(([id]) => id)).to.deep.equal(all);
  });

  describe('when a script is deleted', () => {
    beforeEach(() => ok(catalog.ed.delete(`/api/scripts/${ids[1]}`)));

    it('cannot be reached any more, and its number is free (D1)', async () => {
      expect((await numbers()).map(([id]) => id)).to.not.include(ids[1]);
      for (const path of ['', '/versions', '/blame', '/diff?from=draft&to=draft']) {
        expect((await catalog.viewer.get(`/api/scripts/${ids[1]}${path}`)).status, path).to.equal(404);
      }
      expect((await catalog.ed.delete(`/api/scripts/${ids[1]}`)).status).to.equal(404);
      expect((await create(catalog.ed, { ordering_number: 2 })).ordering_number).to.equal(2);
    });

    it('can be restored as it was (D2, D3)', async () => {
      const back = await ok(catalog.eve.post(`/api/scripts/${ids[1]}/restore`));
      expect(back).to.include({ id: ids[1], ordering_number: 2, content: '"""Script 1"""', renumbered_from: null });
      expect(await ok(catalog.eve.post(`/api/scripts/${ids[1]}/restore`))).to.deep.equal(back);
    });

    it('is listed with who deleted it, when, and the number it would get (D5)', async () => {
      const { id: holder } = await create(catalog.ed, { content: '"""Holder"""', ordering_number: 2 });
      const deleted = await ok(catalog.viewer.get('/api/scripts/deleted'));
      const { deleted_at, ...rest } = deleted[0];
      expect(deleted_at).to.match(/^\d{4}-.*Z$/);
      expect(rest).to.deep.equal({
        id: ids[1],
        ordering_number: 2,
        descriptive_name: 'Script 1',
        major: 0,
        minor: 1,
        deleted_by: 'ed1',
        prod_version: null,
        taken_by: { id: holder, ordering_number: 2, descriptive_name: 'Holder' },
        restores_as: 2.01,
      });
    });

    it('can be restored under a chosen number, unless that is taken (D4)', async () => {
      const restore = (ordering_number: number) => catalog.ed.post(`/api/scripts/${ids[1]}/restore`, { ordering_number });
      const { status, body } = await restore(3);
      expect([status, body.code, body.next_free]).to.deep.equal([409, 'catalog/number-taken', 3.01]);
      expect((await restore(0.001)).status).to.equal(422);
      expect((await catalog.viewer.get(`/api/scripts/${ids[1]}`)).status).to.equal(404);
      expect(await ok(restore(3.5))).to.include({ ordering_number: 3.5, renumbered_from: 2 });
      expect((await ok(catalog.viewer.get('/api/scripts/deleted'))).map(({ id }: { id: number }) => id)).to.not.include(ids[1]);
    });

    it('is restored under the next free number of its group when its own is taken, and the response says so (D3)', async () => {
      await create(catalog.ed, { ordering_number: 2 });
      await create(catalog.ed, { ordering_number: 2.01 });
      const back = await ok(catalog.ed.post(`/api/scripts/${ids[1]}/restore`));
      expect(back).to.include({ ordering_number: 2.02, renumbered_from: 2 });
    });
  });

  it('answers 404 to deleting or restoring an unknown script (D1)', async () => {
    expect((await catalog.ed.delete('/api/scripts/4711')).status).to.equal(404);
    expect((await catalog.ed.post('/api/scripts/4711/restore')).status).to.equal(404);
  });
});
