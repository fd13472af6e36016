/**
 * Makes the page preload what nearly every visit needs: the workspace and the editor
 * in it. Otherwise each is requested only after the previous one has run, and the
 * network is idle in the meantime. They are fetched and compiled, not run; on the
 * sign-in page, this happens while the user types.
 */
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The modules whose chunks are preloaded, in the order in which they are needed; each is the end of a path. */
const EARLY_MODULES = ['/server/page/workspace.ts', '/plugins/editor/browser/monaco/index.ts'];

type Bundle = NonNullable<Parameters<Extract<Plugin['generateBundle'], (...args: never) => unknown>>[1]>;

export function preloadEditor(): Plugin {
  return {
    name: 'ved:preload-editor',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => (bundle ? preloads(bundle) : []),
    },
  };
}

function preloads(bundle: Bundle): HtmlTagDescriptor[] {
  const already = new Set<string>();
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) collect(bundle, chunk.fileName, already);
  const files = new Set(already);
  for (const module of EARLY_MODULES) {
    const chunk = Object.values(bundle).find((each) => each.type === 'chunk' && each.facadeModuleId?.endsWith(module));
    if (!chunk) throw new Error(`no chunk is made of ${module}, which the page is to fetch early`);
    collect(bundle, chunk.fileName, files);
  }
  return [...files].filter((file) => !already.has(file)).map((file) => ({ tag: 'link', attrs: linkTo(`/${file}`), injectTo: 'head' }));
}

/** Adds a chunk, its style sheets, and everything that it imports. */
function collect(bundle: Bundle, file: string, files: Set<string>): void {
  const chunk = bundle[file];
  if (chunk?.type !== 'chunk' || files.has(file)) return;
  files.add(file);
  for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css);
  for (const imported of chunk.imports) collect(bundle, imported, files);
}

function linkTo(href: string): Record<string, string | boolean> {
  return href.endsWith('.css')
    ? { rel: 'preload', as: 'style', crossorigin: true, href }
    : { rel: 'modulepreload', crossorigin: true, href };
}
