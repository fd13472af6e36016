/** The routes as an OpenAPI 3.1 document, with zod's JSON Schema 2020-12. */
import { ProblemDetails, type RouteDefinition } from '@ved/core/contract';
import { z } from 'zod';
import { DEFAULT_BODY_LIMIT_BYTES } from '../http/body.ts';
import { Breather } from '../thread/breather.ts';

type Json = Record<string, unknown>;

const MEDIA_TYPES = { 'event-stream': 'text/event-stream', binary: 'application/octet-stream', text: 'text/plain' } as const;

/** Describes routes, in their order. */
export async function openApiDocument(routes: readonly RouteDefinition[], version: string): Promise<Json> {
  const paths: Record<string, Json> = {};
  const breather = new Breather();
  for (const route of routes) {
    await breather.breathe();
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ved', version, description: 'A workspace for an ordered queue of Python scripts.' },
    paths,
    components: {
      schemas: { Problem: toJsonSchema(ProblemDetails, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'ved.session' }, basic: { type: 'http', scheme: 'basic' } },
    },
  };
}

function operation(route: RouteDefinition): Json {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  return {
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'server'],
    ...(route.access === 'public' ? { security: [] } : { security: [{ session: [] }, { basic: [] }], 'x-ved-access': route.access }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: requestBody(route, route.body) } : {}),
    responses: {
      [String(route.status ?? 200)]: { description: 'Success', content: successContent(route) },
      default: {
        description: route.problems ? `A problem, such as ${route.problems.join(', ')}` : 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function requestBody(route: RouteDefinition, body: z.ZodType): Json {
  const limitBytes = route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  return {
    required: !body.safeParse(undefined).success,
    description: `At most ${limitBytes} bytes.`,
    content: { 'application/json': { schema: toJsonSchema(body, 'input') } },
  };
}

function successContent({ response }: RouteDefinition): Json {
  if (typeof response === 'string') return { [MEDIA_TYPES[response]]: {} };
  return { 'application/json': { schema: toJsonSchema(response, 'output') } };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, own]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: own,
  }));
}

/** Types without a JSON Schema (transformations) are described as any value. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}
