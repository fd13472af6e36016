import { expect } from 'chai';
import fc from 'fast-check';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { Lineage, type Link } from '../server/versions/lineage.ts';
import { decodeTrailers, encodeTrailers } from '../server/versions/version-record.ts';
import { type CatalogServer, create, labelOf, merge, ok, startCatalog } from './support/catalog-server.ts';

/** Versions 1..n, each made from an earlier one or none, some merging another. */
const lineages = fc.array(fc.tuple(fc.nat(), fc.option(fc.nat(), { freq: 3 })), { minLength: 1, maxLength: 12 }).map((seeds) =>
  seeds.map(([base, merged], i): Link => {
    const earlier = (seed: number | null) => (seed === null || i === 0 ? null : (seed % i) + 1);
    return { id: i + 1, base_version_id: earlier(base), merged_version_id: earlier(merged) };
  }),
);

describe('the lineage of versions', () => {
  it('includes every ancestor of an ancestor, and nothing newer', () => {
    fc.assert(
      fc.property(lineages, (links) => {
        const lineage = new Lineage(links);
        const ids = links.map(({ id }) => id);
        for (const a of ids) {
          expect(lineage.isAncestor(a, a)).to.equal(true);
          for (const b of ids) {
            if (lineage.isAncestor(a, b)) expect(a).to.be.at.most(b);
            for (const c of ids) if (lineage.isAncestor(a, b) && lineage.isAncestor(b, c)) expect(lineage.isAncestor(a, c)).to.equal(true);
          }
        }
      }),
    );
  });

  it('finds the newest version that both include', () => {
    fc.assert(
      fc.property(lineages, fc.nat(), fc.nat(), (links, x, y) => {
        const lineage = new Lineage(links);
        const [a, b] = [(x % links.length) + 1, (y % links.length) + 1];
        const common = links.map(({ id }) => id).filter((id) => lineage.isAncestor(id, a) && lineage.isAncestor(id, b));
        expect(lineage.commonBase(a, b)).to.equal(common.at(-1) ?? null);
        expect(lineage.commonBase(b, a)).to.equal(lineage.commonBase(a, b));
      }),
    );
  });
});

describe('the record of a version in a commit', () => {
  it('survives a round trip, whatever the message', () => {
    const label = fc.tuple(fc.nat(), fc.nat()).map((parts) => parts.join('.'));
    const record = fc.record({
      kind: fc.constantFrom('create', 'save', 'fork', 'revert', 'merge' as const),
      message: fc.option(fc.string({ unit: 'binary' })),
      provenance: fc.option(fc.jsonValue()),
      base: fc.option(label),
      merged: fc.option(label),
      parent: fc.option(fc.record({ script_id: fc.nat(), version: label })),
    });
    fc.assert(
      fc.property(fc.record({ scriptId: fc.nat(), major: fc.nat(), minor: fc.nat() }), record, (number, value) => {
        const trailers = encodeTrailers(number, value);
        for (const line of Object.values(trailers)) expect(line).to.not.match(/[\n\r\0]/);
        expect(decodeTrailers(trailers)).to.deep.equal({ number, record: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it('is null for a commit made with git', () => {
    const strangers: Record<string, string>[] = [
      {},
      { 'Ved-Version': '1@0.1' },
      { 'Ved-Version': '1.0', 'Ved-Record': '{}' },
      { 'Ved-Version': '1@0.1', 'Ved-Record': '{' },
    ];
    for (const trailers of strangers) {
      expect(decodeTrailers(trailers)).to.equal(null);
    }
  });
});

/** An edit: by ed when `by` is set, else by eve. */
interface Step {
  readonly what: 'save' | 'bump' | 'revert' | 'merge';
  readonly by: boolean;
  readonly text: number;
}

/** Prod takes one editor's bump, then the other's text, which was made independently. */
const BESIDE_PROD: Step[] = [
  { what: 'bump', by: false, text: 0 },
  { what: 'save', by: true, text: 1 },
  { what: 'merge', by: false, text: 0 },
  { what: 'merge', by: true, text: 0 },
];

describe('any sequence of edits', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constant('save' as const), by: fc.boolean(), text: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('bump' as const), by: fc.boolean(), text: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('revert' as const), by: fc.boolean(), text: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('merge' as const), by: fc.boolean(), text: fc.constant(0) }) },
  );

  exhaustive.it('follows the rules for numbers, texts and prod (V2, V13, M15)', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        run += 1;
        const texts = [0, 1, 2, 3].map((i) => `rules_${run} = ${i}\n`);
        const { id } = await create(catalog.ed, { content: texts[0]! });
        const expected: { label: string; content: string }[] = [{ label: '0.1', content: texts[0]! }];
        let [major, minor] = [0, 1];
        for (const { what, by, text } of steps) {
          const agent = by ? catalog.ed : catalog.eve;
          const newest = expected.at(-1)!.content;
          if (what === 'bump') {
            await ok(agent.post(`/api/scripts/${id}/bump-major`));
            [major, minor] = [major + 1, 0];
            expected.push({ label: `${major}.0`, content: newest });
          } else if (what === 'merge') {
            const { status, body } = await agent.post(`/api/scripts/${id}/merge`);
            expect(status === 200 || body.code === 'git/merge-conflict', JSON.stringify(body)).to.equal(true);
            const [last] = await ok(agent.get(`/api/scripts/${id}/versions`));
            if (labelOf({ version: last }) === expected.at(-1)!.label) continue;
            // Prod had a version by the other editor, so the merged text became a version first.
            expect(last).to.include({ id: body.version_id, message: 'Merge with prod', committer: by ? 'ed1' : 'eve' });
            minor += 1;
            const { content } = await ok(agent.get(`/api/scripts/${id}`));
            expect(expected.map((each) => each.content)).to.include(content);
            expected.push({ label: `${major}.${minor}`, content });
          } else {
            const versions = await ok(agent.get(`/api/scripts/${id}/versions`));
            const old = text % expected.length;
            const content = what === 'save' ? texts[text]! : expected[old]!.content;
            if (what === 'save') await ok(agent.put(`/api/scripts/${id}`, { content }));
            else await ok(agent.post(`/api/scripts/${id}/revert`, { version_id: versions.at(-1 - old).id }));
            if (content === newest) continue;
            minor += 1;
            expected.push({ label: `${major}.${minor}`, content });
          }
        }
        const versions = (await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).reverse();
        expect(versions.map((version: { major: number; minor: number }) => labelOf({ version }))).to.deep.equal(
          expected.map(({ label }) => label),
        );
        const { prod_state, prod_version, content } = await ok(catalog.viewer.get(`/api/scripts/${id}`));
        expect(content).to.equal(expected.at(-1)!.content);
        expect(prod_version === null).to.equal(prod_state === 'none');
        if (prod_state === 'ahead') {
          await merge(catalog.ed, id, { version_id: versions.at(-1).id });
          expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).prod_state).to.equal('same');
        }
      }),
      { numRuns: 25, examples: [[BESIDE_PROD]] },
    );
  });
});
