import { expect } from 'chai';
import { parseRequirement } from '../../server/interpreters/requirement.ts';

const text = (source: string) => {
  const parsed = parseRequirement(source);
  return 'refused' in parsed ? parsed.refused : parsed.text;
};

describe('a requirement of a package', () => {
  const taken: [string, string][] = [
    ['requests', 'requests'],
    ['  Flask_Login  ', 'flask-login'],
    ['zope.interface(>=5,<6)', 'zope-interface<6,>=5'],
    ['numpy == 2.1.*', 'numpy==2.1.*'],
    ['a~=1.4.2,!=1.4.5', 'a!=1.4.5,~=1.4.2'],
    ['a[b]', 'a[b]'],
    ['a;python_version<"3.14"', 'a ; python_version < "3.14"'],
    [
      `a>=1 ; (sys_platform == 'linux' and "x86" not  in platform_machine) or os_name=='nt'`,
      'a>=1 ; (sys_platform == "linux" and "x86" not in platform_machine) or os_name == "nt"',
    ],
  ];
  for (const [source, wanted] of taken) it(`is normalised: ${source}`, () => expect(text(source)).to.equal(wanted));

  const refused: [string, RegExp][] = [
    ['--index-url=http://evil/simple', /starts with the name/],
    ['-r /etc/passwd', /starts with the name/],
    ['-e .', /starts with the name/],
    ['./evil.whl', /starts with the name/],
    ['https://evil/a.whl', /is not a version specifier/],
    ['a @ file:///etc', /not from a URL or a file/],
    ['a@https://evil/a.whl', /not from a URL or a file/],
    ['a --global-option=x', /is not a version specifier/],
    ['a\n--index-url=http://evil', /single line of ASCII characters/],
    ['a>=1 --hash=sha256:0', /is not a version specifier/],
    ['ä', /ASCII/],
    ['', /starts with the name/],
    ['a>=', /is not a version specifier/],
    ['a[b', /is not a version specifier/],
    ['a[--x]', /is not a list of extras/],
    ['a; import os', /is not an environment marker/],
    ['a; "a" == "a"', /is not an environment marker/],
    [`a; ${'('.repeat(50)}os_name == "nt"${')'.repeat(50)}`, /is not an environment marker/],
    [`a>=${'1'.repeat(400)}`, /longer than 300/],
  ];
  for (const [source, reason] of refused) {
    it(`is refused with the reason: ${JSON.stringify(source).slice(0, 60)}`, () => expect(text(source)).to.match(reason));
  }
});
