/** Bytes in JSON. */
import { z } from 'zod';

/** Base64 (RFC 4648, section 4). The handler of a route gets a long one as its bytes, unless it is malformed; for which the name of its member has to end with `_base64`. */
export const Base64 = z
  .custom<string | Uint8Array>((value) => typeof value === 'string' || value instanceof Uint8Array, 'Invalid input: expected base64')
  .meta({ type: 'string', contentEncoding: 'base64' });
