/** Settings that were stored for older schemas. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { expect } from 'chai';
import { InterpretingSchemaValidator } from '../browser/settings/schema-validator.ts';
import { SettingConnector } from '../browser/settings/setting-connector.ts';
import { themeSchema } from '../browser/settings/theme-schema.ts';

const EDITOR = '@ved/editor:settings';
const [THEMES, themes] = themeSchema;
const editor: ISettingRegistry.ISchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    fontSize: { type: 'number', minimum: 8, default: 13 },
    wordWrap: { type: 'string', enum: ['on', 'off'], default: 'off' },
  },
};

/** A part's settings from JupyterLab's registry: fetched by the connector, validated and completed. Throws when they are refused. */
async function loaded(stored: Readonly<Record<string, string>>, id = EDITOR) {
  const plugin = (await connectorOver(stored).fetch(id))!;
  const errors = new InterpretingSchemaValidator().validateData(plugin);
  if (errors) throw new Error(JSON.stringify(errors));
  return plugin;
}

function connectorOver(stored: Readonly<Record<string, string>>): SettingConnector {
  const schemas = new Map([
    [EDITOR, editor],
    [THEMES, themes],
  ]);
  return new SettingConnector(schemas, 'ed1', stored, () => undefined);
}

describe('stored settings', () => {
  const mixed = {
    [EDITOR]: '{\n  // of an older version\n  "showAuthors": true,\n  "fontSize": 16\n}',
    [THEMES]: '{ "adaptive-theme": false }',
    '@ved/gone:settings': '{ "any": 1 }',
  };

  it('load without members that their schema does not declare', async () => {
    const { data } = await loaded(mixed);
    expect(data.user).to.deep.equal({ fontSize: 16 });
    expect(data.composite).to.deep.equal({ fontSize: 16, wordWrap: 'off' });
  });

  it('load whatever is stored for other parts, including removed ones', async () => {
    expect((await loaded(mixed, THEMES)).data.composite['adaptive-theme']).to.equal(false);
    expect((await connectorOver(mixed).list()).ids).to.deep.equal([EDITOR, THEMES]);
  });

  it('load without values that are no longer allowed', async () => {
    expect((await loaded({ [EDITOR]: '{ "fontSize": 7, "wordWrap": "on" }' })).data.user).to.deep.equal({ wordWrap: 'on' });
  });

  it('load as the defaults when they cannot be parsed', async () => {
    for (const raw of ['{ "fontSize": ', '[1]', '3', 'null'])
      expect((await loaded({ [EDITOR]: raw })).data.composite, raw).to.deep.equal({ fontSize: 13, wordWrap: 'off' });
  });

  it('keep their comments when all of them are valid', async () => {
    const raw = '{\n  // large\n  "fontSize": 20\n}';
    expect((await loaded({ [EDITOR]: raw })).raw).to.equal(raw);
  });
});
