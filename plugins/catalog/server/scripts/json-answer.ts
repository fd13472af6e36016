/** An answer put together from members that are JSON already, so that a large one is neither copied nor checked piece by piece. */
import { RawResponse } from '@ved/core/server';

export function jsonAnswer(members: Readonly<Record<string, string>>): RawResponse {
  const json = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return new RawResponse(`{${json.join()}}`, { contentType: 'application/json; charset=utf-8' });
}
