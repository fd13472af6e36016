/** Builds a response from members that are JSON already, as text or bytes, so that a large one is neither copied nor validated. */
import { RawResponse } from '@ved/core/server';

export function jsonAnswer(members: Readonly<Record<string, string | Uint8Array>>): RawResponse {
  const parts = Object.entries(members).flatMap(([name, value], index) => [`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`, value]);
  return new RawResponse([...parts, '}'], { contentType: 'application/json; charset=utf-8' });
}
