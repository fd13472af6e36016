/** The server enforces the limits on files, whatever an engine returns. */
import { FILE_LIMITS, isFileName, leftOutWords } from '@ved/runner/contract';
import { expect } from 'chai';
import { GatheredFiles, notStored } from '../server/files/gathered-files.ts';
import { filesOf } from './support/files.ts';

const file = (name: string, bytes = 1) => ({ type: 'file', name, data: Buffer.alloc(bytes) }) as const;

describe('the name of a file of a run', () => {
  const good = [
    'a',
    'a.png',
    'plots/2026/a b.png',
    'übersicht.csv',
    '数据.json',
    '-rf',
    '.hidden',
    '...',
    `${'x'.repeat(251)}.png`,
    '📈.png',
    '<b>.txt',
    '%2e%2e',
  ];
  const bad = [
    '',
    '.',
    '..',
    '../a',
    'a/../b',
    'a/./b',
    '/a',
    'a/',
    'a//b',
    'a\nb',
    'a\0b',
    'a\x1b[31m',
    'a\x7f',
    'a\\b',
    '..\\a',
    'gpj\u202e.exe',
    'a\u2028b',
    '\ufeffa',
    'a\u00a0b',
    '\ud800',
    'é'.repeat(128),
    '1/2/3/4/5/6/7/8/9/a',
  ];

  it('is accepted if it can be displayed, sent, zipped and saved', () =>
    expect(good.filter((name) => !isFileName(name))).to.deep.equal([]));
  it('is refused otherwise', () => expect(bad.filter(isFileName)).to.deep.equal([]));
});

describe('files returned by an engine', () => {
  it('get their hash, and a media type from their name', async () => {
    const { files } = await filesOf({ 'a.PNG': 'x', 'b.csv': '', 'c.exe': 'x', 'd.html.constructor': 'x', e: 'x', 'f/g.html': 'x' });
    expect(files.map(({ name, media_type, size_bytes }) => [name, media_type, size_bytes])).to.deep.equal([
      ['a.PNG', 'image/png', 1],
      ['b.csv', 'text/csv', 0],
      ['c.exe', 'application/octet-stream', 1],
      ['d.html.constructor', 'application/octet-stream', 1],
      ['e', 'application/octet-stream', 1],
      ['f/g.html', 'text/html', 1],
    ]);
    expect(files[0]!.sha256).to.equal('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });

  it('are limited, and those left out are counted and listed with printable names (L4)', async () => {
    const gathered = new GatheredFiles();
    for (const name of ['a', 'a', '../b', 'c\nd']) gathered.add(file(name));
    gathered.add(file('huge', FILE_LIMITS.bytes));
    for (let index = 0; index < 70; index += 1) gathered.add(file(`n${index}`));
    gathered.add({ type: 'left-out', reason: 'many', count: 900, names: ['x', 'y'] });
    const { files, leftOut } = await gathered.end();
    expect(files).to.have.length(FILE_LIMITS.files);
    expect(leftOut).to.deep.equal([
      { reason: 'name', count: 3, names: ['a', '../b', 'c\ufffdd'] },
      { reason: 'large', count: 1, names: ['huge'] },
      { reason: 'many', count: 907, names: ['n63', 'n64', 'n65'] },
    ]);
    expect(leftOut.map(leftOutWords)[1]).to.equal('1 file left out: over 16 MiB in total');
    expect(leftOutWords(leftOut[2]!)).to.equal('907 files left out: more than 64 files');
  });

  it('are recorded as left out if they could not be stored', async () => {
    const { files, leftOut } = notStored(await filesOf({ a: '1', b: '2' }));
    expect(files).to.deep.equal([]);
    expect(leftOut).to.deep.equal([{ reason: 'storage', count: 2, names: ['a', 'b'] }]);
  });
});
