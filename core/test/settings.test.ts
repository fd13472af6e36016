import { defineSettings } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { coreSettings } from '../server/core-settings.ts';
import { describeSettings, readSettings } from '../server/settings-reader.ts';

const own = defineSettings({
  size: { variable: 'VED_SIZE', schema: z.coerce.number().int('must be whole').default(4), description: 'How many', defaultText: '4' },
  key: { variable: 'SOME_KEY', schema: z.string().min(10, 'is too short').optional(), description: 'The key', secret: true },
});
const declared = [
  { owner: 'core', settings: coreSettings },
  { owner: 'sample', settings: own },
];

describe('settings from the environment', () => {
  it('take their defaults when nothing is set', () => {
    const settings = readSettings(declared, {});
    expect(settings.faults).to.deep.equal([]);
    expect(settings.of(coreSettings)).to.deep.include({ port: 8000, host: '127.0.0.1', dataDir: './data', trustProxy: false });
    expect(settings.of(own)).to.deep.equal({ size: 4, key: undefined });
  });

  it('treat an empty variable as unset', () => {
    expect(readSettings(declared, { VED_SIZE: '', PORT: '' }).faults).to.deep.equal([]);
  });

  it('report every bad variable with its value, all together', () => {
    const { faults } = readSettings(declared, { PORT: '70000', VED_LOG_LEVEL: 'loud', VED_SIZE: '1.5' });
    expect(faults).to.have.length(3);
    expect(faults[0]).to.equal('PORT: must be a number from 0 to 65535 (it is "70000")');
    expect(faults[1]).to.match(/^VED_LOG_LEVEL: must be trace, .*"loud"/);
    expect(faults[2]).to.match(/^VED_SIZE: must be whole/);
  });

  it('never quote a bad secret', () => {
    const { faults } = readSettings(declared, { SOME_KEY: 'hunter2', SESSION_SECRET: 'hunter2' });
    expect(faults).to.deep.equal(['SESSION_SECRET: must have at least 16 characters', 'SOME_KEY: is too short']);
  });

  it('refuse a variable declared by two parts', () => {
    const other = defineSettings({ port: { variable: 'PORT', schema: z.string().optional(), description: '' } });
    expect(readSettings([...declared, { owner: 'other', settings: other }], {}).faults).to.deep.equal([
      'PORT is declared by core and by other; a variable has one owner',
    ]);
  });

  it('report an undeclared VED_ variable', () => {
    expect(readSettings(declared, { VED_SIZ: '3', HOME: '/root' }).unknown).to.deep.equal(['VED_SIZ']);
  });

  it('are only given to their owner', () => {
    const settings = readSettings([{ owner: 'core', settings: coreSettings }], {});
    expect(() => settings.of(own)).to.throw('VED_SIZE');
  });

  it('are listed in the help with their defaults', () => {
    expect(describeSettings(declared))
      .to.match(/^ {2}PORT +The port to listen on.* \[8000\]$/m)
      .and.to.match(/^ {2}VED_SIZE +How many \[4\]$/m);
  });
});
