import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { exhaustive } from '../support/exhaustive.ts';

const root = resolve(import.meta.dirname, '../..');

interface LockedPackage {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** The folders in which Node looks for a package that another one imports, innermost first. */
function lookupPathsOf(importer: string, name: string): string[] {
  const steps = importer.split('/');
  return steps.map((_, index) => [...steps.slice(0, steps.length - index), 'node_modules', name].join('/')).concat(`node_modules/${name}`);
}

function run(program: string, args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, output: stdout + stderr };
}

describe('the source of the whole project', function () {
  this.timeout(180_000);

  exhaustive.it('passes the type checker, each half with only the APIs that it may use', () => {
    const { status, output } = run('node_modules/typescript/bin/tsc', ['-b']);
    expect(status, output).to.equal(0);
  });

  exhaustive.it('passes the linter and is formatted', () => {
    const { status, output } = run('node_modules/@biomejs/biome/bin/biome', ['check', '--max-diagnostics=50']);
    expect(status, output).to.equal(0);
  });

  exhaustive.it('has no unused dependencies, files or exports', () => {
    const { status, output } = run('node_modules/knip/bin/knip.js', ['--no-progress']);
    expect(status, output).to.equal(0);
  });

  it('sets autoClose on every notification: without it, it is only a number next to the bell', () => {
    const { stdout } = spawnSync('git', ['ls-files', 'core/*.ts', 'core/*.tsx', 'plugins/*.ts', 'plugins/*.tsx'], {
      cwd: root,
      encoding: 'utf8',
    });
    const silent = stdout.split('\n').flatMap((file) => {
      if (!file.includes('/browser/')) return [];
      const calls = readFileSync(join(root, file), 'utf8').matchAll(
        /\b(?:Notification|Toast)\.(?:error|warning|info|success|emit)\([\s\S]*?\)(?:;|\);|,?\n)/g,
      );
      return [...calls].filter(([call]) => !/autoClose|options/.test(call)).map(([call]) => `${file}: ${call}`);
    });
    expect(stdout).to.contain('/browser/');
    expect(silent).to.deep.equal([]);
  });

  it('has a lockfile without registry URLs', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.to.match(/"resolved": "https?:/);
  });

  it('has a lockfile with all packages of all platforms, as npm ci requires', () => {
    // npm drops the optional packages of other platforms when it rewrites a lockfile with node_modules installed.
    const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !lookupPathsOf(path, name).some((place) => place in packages))
        .map((name) => `${path || 'the root'} needs ${name}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('declares private members with `private` only', () => {
    const { stdout } = spawnSync('git', ['ls-files', 'core', 'plugins', 'server', 'test'], { cwd: root, encoding: 'utf8' });
    const files = stdout.split('\n').filter((file) => /\.tsx?$/.test(file));
    expect(files).to.have.length.above(500);
    const named = files.filter((file) =>
      /\bthis\.#|^\s+(?:(?:static|readonly|async|get|set)\s+)*#\w+\s*[(:=;]/m.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(named).to.deep.equal([]);
  });
});

describe('a half that uses a forbidden API', () => {
  const refused = (half: 'contract' | 'server' | 'browser', text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'ved-half-'));
    try {
      const base = JSON.parse(readFileSync(join(root, `core/${half}/tsconfig.json`), 'utf8'));
      writeFileSync(join(folder, 'planted.ts'), text);
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          extends: join(root, 'tsconfig.base.json'),
          compilerOptions: {
            ...base.compilerOptions,
            rootDir: '.',
            outDir: 'out',
            tsBuildInfoFile: 'out/info',
            typeRoots: [join(root, 'node_modules/@types')],
            types: half === 'server' ? ['node'] : [],
          },
          include: ['planted.ts'],
        }),
      );
      return run('node_modules/typescript/bin/tsc', ['-p', folder]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('is refused for the DOM in a contract', () => {
    expect(refused('contract', 'export const title = document.title;\n').output).to.contain("Cannot find name 'document'");
  });
  it('is refused for Node in a contract', () => {
    expect(refused('contract', 'export const pid = process.pid;\n').output).to.contain("Cannot find name 'process'");
  });
  it('is refused for the DOM in the server', () => {
    expect(refused('server', 'export const title = document.title;\n').output).to.contain("Cannot find name 'document'");
  });
  it('is refused for Node in the browser', () => {
    expect(refused('browser', 'export const pid = process.pid;\n').output).to.contain("Cannot find name 'process'");
  });
  it('is accepted for the DOM in the browser', () => {
    const { status, output } = refused('browser', 'export const title: string = document.title;\n');
    expect(status, output).to.equal(0);
  });
});
