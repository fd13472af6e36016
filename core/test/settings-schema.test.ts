import { expect } from 'chai';
import { InterpretingSchemaValidator } from '../browser/settings/schema-validator.ts';
import { notificationSchema, statusBarSchema } from '../browser/settings/settings-schemas.ts';
import { shortcutsSchema } from '../browser/settings/shortcuts-schema.ts';
import { themeSchema } from '../browser/settings/theme-schema.ts';

type Plugin = Parameters<InterpretingSchemaValidator['validateData']>[0];

const plugin = (schema: Plugin['schema'], raw: string): Plugin => ({
  id: 'test',
  raw,
  schema,
  version: '1',
  data: { composite: {}, user: {} },
});

const nested: Plugin['schema'] = {
  type: 'object',
  additionalProperties: false,
  definitions: { rule: { type: 'object', properties: { on: { type: 'boolean', default: true }, name: { type: 'string' } } } },
  properties: {
    size: { type: 'number', minimum: 8, default: 13 },
    rules: { type: 'array', items: { $ref: '#/definitions/rule' }, default: [] },
    main: { $ref: '#/definitions/rule', default: {} },
  },
};

describe('settings written by a user', () => {
  const validator = new InterpretingSchemaValidator();

  it('are completed with the defaults, in lists and through references', () => {
    const one = plugin(nested, '{ "rules": [{ "name": "a" }, { "name": "b", "on": false }] } // mine');
    expect(validator.validateData(one)).to.equal(null);
    expect(one.data.user).to.deep.equal({ rules: [{ name: 'a' }, { name: 'b', on: false }] });
    expect(one.data.composite).to.deep.equal({
      size: 13,
      main: { on: true },
      rules: [
        { name: 'a', on: true },
        { name: 'b', on: false },
      ],
    });
  });

  it('are refused, naming the place, when a value is invalid', () => {
    const errors = validator.validateData(plugin(nested, '{ "size": 2 }'));
    expect(errors?.map(({ instancePath }) => instancePath)).to.include('#/size');
  });

  it('are refused when they contain an unknown name', () => {
    expect(validator.validateData(plugin(nested, '{ "colour": "red" }'))).to.not.equal(null);
  });

  it('are refused, with the reason, when they are not JSON', () => {
    expect(validator.validateData(plugin(nested, '{ size: '))?.[0]?.keyword).to.equal('syntax');
  });

  it('leave the schema unchanged', () => {
    const schema = structuredClone(nested);
    validator.validateData(plugin(schema, '{}'));
    expect(schema).to.deep.equal(nested);
  });

  it('may be empty, for every schema of core', () => {
    for (const [id, schema] of [themeSchema, shortcutsSchema, notificationSchema, statusBarSchema]) {
      expect(validator.validateData(plugin(schema, '{}')), id).to.equal(null);
    }
  });
});
