/**
 * Mends two places of FAST, on which the buttons and toolbars of the Jupyter
 * toolkit stand, that keep each toolbar whose tab was closed: some 200 nodes
 * and 20 listeners a tab. `test/journeys/leaks.test.ts` counts both. A build
 * with another FAST, whose code these do not match, fails.
 */
import type { Plugin } from 'vite';

interface Patch {
  readonly module: RegExp;
  readonly from: string;
  readonly to: string;
}

const PATCHES: readonly Patch[] = [
  // The internals of an element refer to it in the browser's own heap. Chromium (156) never collects such a pair of a WeakMap, but does collect a property.
  {
    module: /\/@microsoft\/fast-foundation\/dist\/esm\/form-associated\/form-associated\.js$/,
    from: 'const InternalsMap = new WeakMap();',
    to: `const InternalsKey = Symbol('internals');
const InternalsMap = {
  get: (element) => element[InternalsKey],
  set: (element, internals) => { element[InternalsKey] = internals; },
};`,
  },
  // A behaviour that is unbound takes others out of the map over which the loop goes; those kept listening to their media query.
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
