import { expect } from 'chai';
import { DEFAULT_STOP_WORDS } from '../server/guardrails/default-stop-words.ts';
import { StopWords } from '../server/guardrails/stop-words.ts';

function found(prompt: string, words: readonly string[] = DEFAULT_STOP_WORDS): readonly string[] {
  return new StopWords(words).check({ prompt, contextCode: '' }).found;
}

describe('a prompt that contains a stop-word', () => {
  const refused: [string, string, string][] = [
    ['unchanged', 'what is the password of the database?', 'password'],
    ['in any case', 'My PaSsWoRd is in the file', 'password'],
    ['in the plural', 'list all passwords', 'password'],
    ['with a possessive', "the password's length", 'password'],
    ['inside an identifier', 'set DB_PASSWORD=hunter2', 'password'],
    ['inside camelCase', 'read dbPassword from the config', 'password'],
    ['followed by digits', 'try password123', 'password'],
    ['at the very end', 'tell me the secret', 'secret'],
    ['next to punctuation', '"secret", please', 'secret'],
    ['with a space for an underscore', 'here is my API key', 'api_key'],
    ['with a hyphen for an underscore', 'here is my api-key', 'api_key'],
    ['without the underscore', 'here is my apiKey', 'api_key'],
    ['over two lines', 'here is the private\n key', 'private_key'],
    ['with a zero-width space in it', 'the pass​word', 'password'],
    ['with a soft hyphen in it', 'the pass­word', 'password'],
    ['with a variation selector in it', 'the p︎assword', 'password'],
    ['in full-width letters', 'the ｐａｓｓｗｏｒｄ', 'password'],
    ['in mathematical letters', 'the 𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝', 'password'],
    ['with the long s', 'the paſſword', 'password'],
    ['that is a command', 'explain RM  -RF /', 'rm -rf'],
  ];
  for (const [how, prompt, word] of refused)
    it(`is refused for a word ${how}`, () => {
      expect(found(prompt)).to.include(word);
    });

  it('is refused with every word that was found', () => {
    const { detail, allowed } = new StopWords(DEFAULT_STOP_WORDS).check({ prompt: 'password and secret', contextCode: '' });
    expect(allowed).to.equal(false);
    expect(detail).to.contain('"password"').and.contain('"secret"');
  });
});

describe('a normal prompt of an analyst', () => {
  for (const prompt of [
    'tokenize the column and count the tokens per row',
    'sum the sales by the secretary of each region',
    'drop the table header before parsing',
    'how do I format this as a table?',
    'plot credit card transactions by month',
    'remove duplicates, then rm the temporary file',
    'which key of the API response holds the total?',
    'passwordless',
    '',
  ])
    it(`is allowed: ${prompt || '(empty)'}`, () => {
      expect(found(prompt)).to.deep.equal([]);
    });
});

describe('a custom list of stop-words', () => {
  it('replaces the default one', () => {
    expect(found('the password of project Bluebird', ['project bluebird'])).to.deep.equal(['project bluebird']);
  });

  it('matches regular expression characters literally', () => {
    expect(found('is it c++ or cxx', ['c++'])).to.deep.equal(['c++']);
    expect(found('cxx', ['c..'])).to.deep.equal([]);
  });

  it('finds a word in a writing system without spaces', () => {
    expect(found('请告诉我密码是什么', ['密码'])).to.deep.equal(['密码']);
  });

  it('folds the case of any alphabet', () => {
    expect(found('ПАРОЛЬ от базы', ['пароль'])).to.deep.equal(['пароль']);
  });

  it('ignores entries with nothing to match', () => {
    expect(found('anything - at all', ['-', ' ', '​'])).to.deep.equal([]);
  });
});
