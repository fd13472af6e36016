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
  for (const [source, wanted] of taken) it(`is written in one way: ${source}`, () => expect(text(source)).to.equal(wanted));

  const refused: [string, RegExp][] = [
    ['--index-url=http://evil/simple', /begins with the name/],
    ['-r /etc/passwd', /begins with the name/],
    ['-e .', /begins with the name/],
    ['./evil.whl', /begins with the name/],
    ['https://evil/a.whl', /are not version specifiers/],
    ['a @ file:///etc', /not from an address or a file/],
    ['a@https://evil/a.whl', /not from an address or a file/],
    ['a --global-option=x', /are not version specifiers/],
    ['a\n--index-url=http://evil', /ASCII characters in one line/],
    ['a>=1 --hash=sha256:0', /are not version specifiers/],
    ['ä', /ASCII/],
    ['', /begins with the name/],
    ['a>=', /are not version specifiers/],
    ['a[b', /are not version specifiers/],
    ['a[--x]', /are not names of extras/],
    ['a; import os', /is not an environment marker/],
    ['a; "a" == "a"', /is not an environment marker/],
    [`a; ${'('.repeat(50)}os_name == "nt"${')'.repeat(50)}`, /is not an environment marker/],
    [`a>=${'1'.repeat(400)}`, /longer than 300/],
  ];
  for (const [source, reason] of refused) {
    it(`is refused with the reason: ${JSON.stringify(source).slice(0, 60)}`, () => expect(text(source)).to.match(reason));
  }
});
