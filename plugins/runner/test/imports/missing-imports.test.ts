import { expect } from 'chai';
import { missingImports, toLookUp } from '../../server/imports/missing-imports.ts';

const ON_DOCKER = { packages: { available: true, advice: '' }, missingModules: new Set<string>() };
const EMBEDDED = {
  packages: { available: false, advice: 'There is no folder of packages.' },
  missingModules: new Set(['curses', 'concurrent.interpreters']),
};
const STANDARD = new Set(['os', 'xml.etree', 'curses', 'curses.ascii', 'concurrent.interpreters', 'concurrent.futures', 'winreg']);

function facts(modules: string, { packages = [] as string[], importable = ON_DOCKER, script = '' } = {}) {
  const imports = modules.split(' ').map((module, at) => ({ module, line: at + 1, isStandard: STANDARD.has(module) }));
  return { script: Buffer.from(script), imports, packages, importable };
}

function missing(modules: string, options: Parameters<typeof facts>[1] & { found?: string[] } = {}) {
  return missingImports(facts(modules, options), new Set(options.found));
}
const names = (answer: ReturnType<typeof missing>) => answer.missing.map(({ module }) => module);

describe('the imports that an engine does not have', () => {
  it('are those that are neither in the standard library nor found on the engine', () => {
    expect(toLookUp(facts('os pandas.io.json xml.etree yaml pandas'))).to.deep.equal(['pandas', 'yaml']);
    expect(names(missing('os pandas.io.json xml.etree yaml pandas', { found: ['yaml'] }))).to.deep.equal(['pandas']);
    expect(missing('os yaml', { found: ['yaml'] })).to.deep.equal({ missing: [], advice: null, block: null });
  });

  it('come with the line, the reason and the lines to add, with package names', () => {
    const { missing: found, advice, block } = missing('yaml PIL sklearn bs4 cv2 dateutil helper mpl_toolkits matplotlib');
    expect(found[1]).to.deep.equal({
      module: 'PIL',
      line: 2,
      reason: "PIL is not part of Python's standard library, and scripts cannot import each other.",
    });
    const packages = 'pyyaml pillow scikit-learn beautifulsoup4 opencv-python python-dateutil helper matplotlib';
    expect(block).to.equal(
      `# /// script\n# dependencies = [${packages
        .split(' ')
        .map((each) => `"${each}"`)
        .join(', ')}]\n# ///`,
    );
    expect(advice).to.equal(`To install them, put these lines at the top of the script:\n${block}`);
  });

  it('exclude those that a dependency of the script provides, under any name', () => {
    const packages = [
      'opencv-python-headless',
      'psycopg2',
      'google-cloud-storage>=2',
      'ruamel-yaml',
      'scikit-learn[tests]',
      'pycryptodomex',
    ];
    expect(toLookUp(facts('cv2 psycopg2 google.cloud.storage ruamel.yaml sklearn Cryptodome', { packages }))).to.deep.equal([]);
  });

  it('are uncertain if the script has other dependencies, which may provide them', () => {
    const { advice, block } = missing('pandas numpy', {
      packages: ['pandas>=2'],
      script: '# /// script\n# dependencies = ["pandas>=2"]\n# ///\n',
    });
    expect(advice).to.equal(
      'It may be installed as a dependency of pandas>=2. To install it, add "numpy" to the dependencies in the script\'s "# /// script" block.',
    );
    expect(block).to.equal(null);
  });

  it('include standard modules that the engine, or Linux, lacks, without naming a package', () => {
    const answer = missing('curses.ascii concurrent.interpreters concurrent.futures winreg', { importable: EMBEDDED });
    expect(names(answer)).to.deep.equal(['curses.ascii', 'concurrent.interpreters', 'winreg']);
    expect(answer.missing[0]!.reason).to.match(/not on this engine; the Docker engine has it/);
    expect(answer.missing[2]!.reason).to.match(/Windows only/);
    expect(answer).to.include({ advice: null, block: null });
    expect(names(missing('curses.ascii concurrent.interpreters'))).to.deep.equal([]);
  });

  it('include modules removed from Python, unless this version has them', () => {
    expect(names(missing('cgi imp', { found: ['cgi', 'imp'] }))).to.deep.equal([]);
    const answer = missing('cgi imp');
    expect(answer.missing.map(({ reason }) => reason)).to.deep.equal([
      'cgi was removed from Python in 3.13.',
      'imp was removed from Python in 3.12.',
    ]);
    expect(answer.block).to.equal('# /// script\n# dependencies = ["legacy-cgi"]\n# ///');
  });

  it('offer no lines if nothing can be installed', () => {
    const { advice, block } = missing('pandas', { importable: EMBEDDED });
    expect(advice).to.match(/^There is no folder of packages\. Then put these lines/);
    expect(block).to.equal(null);
  });
});
