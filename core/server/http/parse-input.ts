/** Parses a request by the schemas of its route. */
import { InvalidInput } from '@ved/core/contract';
import type { z } from 'zod';

/** Where a value came from, for error messages. */
type Part = 'path' | 'query' | 'body';

/** Parses one part; `undefined` when the route declares no schema for it. Throws InvalidInput naming the field. */
export function parsePart(schema: z.ZodType | undefined, part: Part, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ field: fieldName(part, issue.path), message: issue.message }));
  const [first] = issues;
  throw new InvalidInput('request/invalid', `${first?.field ?? part}: ${first?.message ?? 'is not valid'}.`, {
    data: { issues: issues.slice(0, 20) },
  });
}

/** The query as an object: a repeated name becomes an array, so that a schema for one value refuses it. */
export function queryOf(search: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}

function fieldName(part: Part, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}.${String(key)}`), part);
}
