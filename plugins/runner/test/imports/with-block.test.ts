import { expect } from 'chai';
import { withBlock } from '../../browser/engines/with-block.ts';

const BLOCK = '# /// script\n# dependencies = ["pandas"]\n# ///';

describe('the lines that declare packages', () => {
  const CASES: readonly (readonly [what: string, before: string, after: string])[] = [
    ['go above everything', '"""Name"""\nimport pandas\n', `${BLOCK}\n\n"""Name"""\nimport pandas\n`],
    ['go below a shebang', '#!/usr/bin/env python3\nimport pandas\n', `#!/usr/bin/env python3\n${BLOCK}\n\nimport pandas\n`],
    ['go below an encoding declaration', '#!python\n# -*- coding: latin-1 -*-\nx', `#!python\n# -*- coding: latin-1 -*-\n${BLOCK}\n\nx`],
    ['go below a shebang without a line end', '#!python', `#!python\n${BLOCK}\n\n`],
    ['go after a byte order mark', '\ufeffimport pandas', `\ufeff${BLOCK}\n\nimport pandas`],
  ];
  for (const [what, before, after] of CASES) it(what, () => expect(withBlock(before, BLOCK)).to.equal(after));
});
