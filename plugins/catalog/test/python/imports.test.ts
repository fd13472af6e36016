import { expect } from 'chai';
import { anAnalyser } from './support.ts';

const CASES: readonly (readonly [what: string, text: string, modules: readonly string[]])[] = [
  ['are named as written, each once', 'import a.b.c, d\nfrom a.b.c import x\nfrom e.f import *\nimport d as g', ['a.b.c', 'd', 'e.f']],
  ['do not include relative imports', 'from . import a\nfrom .b import c\nfrom ..d.e import f', []],
  ['do not include optional imports', 'try:\n  import a\nexcept ImportError:\n  import b\nelse:\n  import c', []],
  [
    'are optional with every way to catch a failed import',
    'try:\n  import a\nexcept (KeyError, ModuleNotFoundError): pass\ntry:\n  import b\nexcept Exception: pass\ntry:\n  import c\nexcept: pass',
    [],
  ],
  ['are optional inside suppress()', 'import contextlib\nwith contextlib.suppress(ImportError):\n  import a', ['contextlib']],
  [
    'are required in a try that catches something else',
    'try:\n  import a\nexcept ValueError:\n  import b\nelse:\n  import c\nfinally:\n  import d',
    ['a', 'c', 'd'],
  ],
  ['are required in a with statement', 'with open("x") as f:\n  import a', ['a']],
  [
    'do not include those for type checkers only',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a\nelse:\n  import b',
    ['typing', 'b'],
  ],
  [
    'do not include conditional ones',
    'import sys\nif sys.platform == "win32":\n  import a\nelse:\n  import b\nmatch x:\n  case 1: import c',
    ['sys'],
  ],
  [
    'include those that every run reaches',
    'if __name__ == "__main__":\n  import a\nif not False:\n  import b\nfor x in y:\n  import c',
    ['a', 'b', 'c'],
  ],
  ['include those in functions and classes', 'def f():\n  import a\nclass B:\n  import b\nasync def g():\n  import c', ['a', 'b', 'c']],
  [
    'do not include names that are not imports',
    'import json\npandas = "import numpy"\n"""\nimport scipy\n"""\nprint(pandas.read)',
    ['json'],
  ],
  ['are empty when the text changes where modules are found', 'import sys, a\nsys.path.insert(0, "/tmp/lib")', []],
  ['are empty when the text uses sys.modules', 'from sys import modules\nimport a', []],
  ['are empty when the text does not parse', 'import a\nx =', []],
  ['are empty for an unknown encoding', '# coding: no-such-encoding\nimport a', []],
];

describe('the imports of a text', () => {
  const analyser = anAnalyser();

  for (const [what, text, modules] of CASES)
    it(what, async () => expect((await analyser.imports(text, 'ed1'))?.map(({ module }) => module)).to.deep.equal(modules));

  it('have the line of the first one, and say which are in the standard library', async () => {
    expect(await analyser.imports('"""Name"""\n\nimport xml.dom\nimport yaml\nimport yaml\n', 'ed1')).to.deep.equal([
      { module: 'xml.dom', line: 3, isStandard: true },
      { module: 'yaml', line: 4, isStandard: false },
    ]);
  });

  it('are read from a long text with an import in each line', async () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `import m${at}`).join('\n');
    expect(await analyser.imports(text, 'ed1')).to.have.length(20_000);
  });
});
