/** Imports `.svg` and `.raw.css` files as text, as JupyterLab's packages expect. */
import type { Plugin } from 'vite';

export function assetText(): Plugin {
  return {
    name: 'ved:asset-text',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!/\.(svg|raw\.css)$/.test(source) || !importer || !/\.[jt]sx?($|\?)/.test(importer)) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      return resolved && `${resolved.id.split('?')[0]}?raw`;
    },
  };
}
