/** How the program of process 1 of a container is built: several files become one module, so their names must not clash. */
import { expect } from 'chai';
import { bootParts, bootProgram } from '../../server/engines/docker/boot-program.ts';

/** The top-level names that a file defines. */
function namesOf(text: string): string[] {
  const defined = [...text.matchAll(/^(?:def|class) (\w+)/gm)].map(([, name]) => name!);
  const assigned = [...text.matchAll(/^(\w[\w, ]*) = /gm)].flatMap(([, names]) => names!.split(', '));
  return [...defined, ...assigned];
}

describe('the program of a container', () => {
  it('imports each name from a part that defines it, which comes first', async () => {
    const parts = await bootParts();
    for (const [index, { name, imports }] of parts.entries())
      for (const [from, names] of imports) {
        const earlier = parts.slice(0, index).find((part) => part.name === from);
        expect(namesOf(earlier?.text ?? ''), `${name} imports from ${from}`).to.include.members([...names]);
      }
    expect(parts.flatMap(({ imports }) => imports)).to.have.length.above(10);
  });

  it('defines no name twice, since all parts are one module', async () => {
    const names = (await bootParts()).flatMap(({ text }) => namesOf(text));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('uses no name of another part without importing it', async () => {
    const parts = await bootParts();
    for (const { name, text, imports } of parts) {
      const known = new Set([...namesOf(text), ...imports.flatMap(([, names]) => names)]);
      const code = text.replaceAll(/"""[\s\S]*?"""|#.*|'[^'\n]*'/g, '');
      for (const other of parts.filter((part) => part.name !== name))
        for (const foreign of namesOf(other.text))
          if (!known.has(foreign))
            expect(code, `${name} uses ${foreign} of ${other.name}`).to.not.match(new RegExp(`(?<![\\w.])${foreign}\\b(?!=)`));
    }
  });

  it('contains no imports of its parts, which no container could resolve, and no comments', async () => {
    const program = await bootProgram();
    expect(program).to.not.match(/^(from|import) boot/m);
    expect(program).to.not.match(/"""|^\s*#/m);
    expect(program).to.match(/^while \(clean := supervisor\.serve\(\)\) is not None:\n {4}if not clean:\n {8}os\._exit\(0\)\n$/m);
  });
});
