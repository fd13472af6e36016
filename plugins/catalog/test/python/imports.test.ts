import { expect } from 'chai';
import { anAnalyser } from './support.ts';

const CASES: readonly (readonly [what: string, text: string, modules: readonly string[]])[] = [
  [
    'names modules as they are written, each once',
    'import a.b.c, d\nfrom a.b.c import x\nfrom e.f import *\nimport d as g',
    ['a.b.c', 'd', 'e.f'],
  ],
  ['leaves out relative imports', 'from . import a\nfrom .b import c\nfrom ..d.e import f', []],
  ['leaves out an import that the text can do without', 'try:\n  import a\nexcept ImportError:\n  import b\nelse:\n  import c', []],
  [
    'knows each way to catch a failed import',
    'try:\n  import a\nexcept (KeyError, ModuleNotFoundError): pass\ntry:\n  import b\nexcept Exception: pass\ntry:\n  import c\nexcept: pass',
    [],
  ],
  ['leaves out what suppress() lets fail', 'import contextlib\nwith contextlib.suppress(ImportError):\n  import a', ['contextlib']],
  [
    'takes a try that catches something else',
    'try:\n  import a\nexcept ValueError:\n  import b\nelse:\n  import c\nfinally:\n  import d',
    ['a', 'c', 'd'],
  ],
  ['takes a with statement', 'with open("x") as f:\n  import a', ['a']],
  [
    'leaves out what only a type checker reads',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a\nelse:\n  import b',
    ['typing', 'b'],
  ],
  [
    'leaves out what depends on the run',
    'import sys\nif sys.platform == "win32":\n  import a\nelse:\n  import b\nmatch x:\n  case 1: import c',
    ['sys'],
  ],
  [
    'takes what every run comes to',
    'if __name__ == "__main__":\n  import a\nif not False:\n  import b\nfor x in y:\n  import c',
    ['a', 'b', 'c'],
  ],
  ['takes functions and classes', 'def f():\n  import a\nclass B:\n  import b\nasync def g():\n  import c', ['a', 'b', 'c']],
  ['leaves out names that are no imports', 'import json\npandas = "import numpy"\n"""\nimport scipy\n"""\nprint(pandas.read)', ['json']],
  ['says nothing where the text decides where modules are found', 'import sys, a\nsys.path.insert(0, "/tmp/lib")', []],
  ['says nothing of a text that puts modules there itself', 'from sys import modules\nimport a', []],
  ['says nothing of what is no program', 'import a\nx =', []],
  ['says nothing of an unknown encoding', '# coding: no-such-encoding\nimport a', []],
];

describe('the imports of a text', () => {
  const analyser = anAnalyser();

  for (const [what, text, modules] of CASES)
    it(what, async () => expect((await analyser.imports(text, 'ed1'))?.map(({ module }) => module)).to.deep.equal(modules));

  it('have the line of the first one, and say which are of the standard library', async () => {
    expect(await analyser.imports('"""Name"""\n\nimport xml.dom\nimport yaml\nimport yaml\n', 'ed1')).to.deep.equal([
      { module: 'xml.dom', line: 3, isStandard: true },
      { module: 'yaml', line: 4, isStandard: false },
    ]);
  });

  it('are read of a long text with an import in each line', async () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `import m${at}`).join('\n');
    expect(await analyser.imports(text, 'ed1')).to.have.length(20_000);
  });
});
