/** With `VED_BUNDLE_REPORT=1`, prints the size of each package in each chunk. */
import type { Plugin } from 'vite';

export function bundleReport(): Plugin {
  return {
    name: 'ved:bundle-report',
    apply: () => process.env.VED_BUNDLE_REPORT === '1',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const sizes = new Map<string, number>();
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          sizes.set(packageOf(id), (sizes.get(packageOf(id)) ?? 0) + renderedLength);
        }
        const heaviest = [...sizes].filter(([, size]) => size > 2048).sort((a, b) => b[1] - a[1]);
        console.log(`\n${chunk.fileName}: ${kib(chunk.code.length)}`);
        for (const [name, size] of heaviest) console.log(`  ${kib(size).padStart(10)}  ${name}`);
      }
    },
  };
}

function packageOf(id: string): string {
  const inPackage = id.split('node_modules/').at(-1)!;
  return inPackage === id ? 'ved' : inPackage.split('/', inPackage.startsWith('@') ? 2 : 1).join('/');
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
