/** Fills a value's missing members from the defaults of its JSON schema, in place; `#/definitions/…` references are followed. */
import { JSONExt, type PartialJSONObject, type PartialJSONValue } from '@lumino/coreutils';

/** Fills `value` from the defaults of `schema`. `root` contains the definitions. */
export function withDefaults(schema: PartialJSONObject, value: PartialJSONValue | undefined, root = schema): PartialJSONValue | undefined {
  const resolved = resolve(schema, root);
  if (value === undefined) {
    if (resolved.default === undefined) return undefined;
    return withDefaults(resolved, JSONExt.deepCopy(resolved.default as PartialJSONValue), root);
  }
  if (Array.isArray(value)) {
    const items = resolved.items;
    return isObject(items) ? value.map((item) => withDefaults(items, item, root) as PartialJSONValue) : value;
  }
  if (isObject(value) && isObject(resolved.properties)) {
    for (const [name, property] of Object.entries(resolved.properties)) {
      const completed = isObject(property) ? withDefaults(property, value[name], root) : undefined;
      if (completed !== undefined) value[name] = completed;
    }
  }
  return value;
}

function resolve(schema: PartialJSONObject, root: PartialJSONObject): PartialJSONObject {
  const reference = schema.$ref;
  if (typeof reference !== 'string') return schema;
  const [hash, ...steps] = reference.split('/');
  let target: PartialJSONValue | undefined = hash === '#' ? root : undefined;
  for (const step of steps) target = isObject(target) ? target[step] : undefined;
  if (!isObject(target)) throw new Error(`the settings schema refers to ${reference}, which it does not define`);
  return { ...target, ...(schema.default !== undefined && { default: schema.default }) };
}

function isObject(value: unknown): value is PartialJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
