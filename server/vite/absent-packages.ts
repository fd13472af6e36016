/**
 * Leaves out packages that JupyterLab's modules import and ved never calls: a client
 * for the Jupyter server, shared Yjs documents, a schema compiler, an icon font. The
 * page gets stand-ins that throw an error with the name when one is used after all.
 */
import type { Plugin } from 'vite';

/** By package, the names that JupyterLab's modules import from it. */
const absentPackages: Readonly<Record<string, readonly string[]>> = {
  '@jupyterlab/services': ['ServiceManager', 'ServerConnection', 'ConnectionStatus', 'KernelMessage'],
  '@jupyter/ydoc': ['YFile'],
  ajv: ['default'],
};

/** Style sheets that only load unused fonts. */
const absentStyles = /^@fortawesome\/fontawesome-free\/css\//;

const prefix = '\0ved:absent:';

export function absentPackagesPlugin(): Plugin {
  return {
    name: 'ved:absent-packages',
    enforce: 'pre',
    resolveId(source) {
      if (source in absentPackages) return prefix + source;
      return absentStyles.test(source) ? `${prefix}style.css` : null;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const source = id.slice(prefix.length);
      return absentPackages[source]?.map((name) => standIn(source, name)).join('\n') ?? '';
    },
  };
}

function standIn(source: string, name: string): string {
  const message = JSON.stringify(`The page leaves out ${source}: ${name} is not available.`);
  const declaration = `class ${name === 'default' ? 'Absent' : name} { constructor() { throw new Error(${message}); } }`;
  return name === 'default' ? `export default ${declaration}` : `export ${declaration}`;
}
