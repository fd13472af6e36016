/**
 * Patches two memory leaks in FAST, the base of the Jupyter toolkit's buttons and
 * toolbars: it keeps the toolbar of every closed tab, about 200 nodes and 20
 * listeners each. `test/journeys/leaks.test.ts` counts both. The build fails with a
 * version of FAST that the patches do not match.
 */
import type { Plugin } from 'vite';

interface Patch {
  readonly module: RegExp;
  readonly from: string;
  readonly to: string;
}

const PATCHES: readonly Patch[] = [
  // The internals of an element refer back to it in the browser's own heap. Chromium (156) never collects such a WeakMap entry, but does collect a property.
  {
    module: /\/@microsoft\/fast-foundation\/dist\/esm\/form-associated\/form-associated\.js$/,
    from: 'const InternalsMap = new WeakMap();',
    to: `const InternalsKey = Symbol('internals');
const InternalsMap = {
  get: (element) => element[InternalsKey],
  set: (element, internals) => { element[InternalsKey] = internals; },
};`,
  },
  // A behaviour that is unbound removes others from the map being iterated, so they were skipped and kept listening to their media query.
  {
    module: /\/@microsoft\/fast-element\/dist\/esm\/components\/controller\.js$/,
    from: `for (const [behavior] of behaviors) {
                behavior.unbind(element);`,
    to: `for (const [behavior] of [...behaviors]) {
                behavior.unbind(element);`,
  },
];

export function releasedElementsPlugin(): Plugin {
  return {
    name: 'ved:released-elements',
    transform(code, id) {
      const patch = PATCHES.find(({ module }) => module.test(id));
      if (!patch) return null;
      if (!code.includes(patch.from)) this.error(`${id} is not the code that server/vite/released-elements.ts patches`);
      return { code: code.replace(patch.from, () => patch.to), map: null };
    },
  };
}
