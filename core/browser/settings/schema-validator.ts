/**
 * Checks settings against their schemas by interpreting the schemas. JupyterLab's
 * own validator compiles them with `Function`, which the page's content security
 * policy forbids.
 */

import { type Schema, Validator } from '@cfworker/json-schema';
import type { ISchemaValidator, ISettingRegistry } from '@jupyterlab/settingregistry';
import { JSONExt, type JSONObject } from '@lumino/coreutils';
import json5 from 'json5';
import { withDefaults } from './schema-defaults.ts';

export class InterpretingSchemaValidator implements ISchemaValidator {
  private readonly validators = new WeakMap<object, Validator>();

  /** Checks `plugin.raw`, and fills `plugin.data` if `populate` is set. Null when it is valid. */
  validateData(plugin: ISettingRegistry.IPlugin, populate = true): ISchemaValidator.IError[] | null {
    let user: JSONObject;
    try {
      user = json5.parse(plugin.raw);
    } catch (error) {
      return [{ keyword: 'syntax', instancePath: '', schemaPath: '', message: (error as Error).message }];
    }
    const { valid, errors } = this.validatorOf(plugin.schema).validate(user);
    if (!valid) return errors.map(toSchemaError);
    if (populate) {
      const composite = withDefaults(plugin.schema, JSONExt.deepCopy(user)) as JSONObject;
      plugin.data = { composite, user };
    }
    return null;
  }

  private validatorOf(schema: ISettingRegistry.ISchema): Validator {
    let validator = this.validators.get(schema);
    if (!validator) {
      // A copy, because the library writes resolved URIs into the schema.
      validator = new Validator(structuredClone(schema) as Schema, '7');
      this.validators.set(schema, validator);
    }
    return validator;
  }
}

function toSchemaError(error: {
  keyword: string;
  keywordLocation: string;
  instanceLocation: string;
  error: string;
}): ISchemaValidator.IError {
  return { keyword: error.keyword, instancePath: error.instanceLocation, schemaPath: error.keywordLocation, message: error.error };
}
