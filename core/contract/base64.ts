/** Bytes in JSON. */
import { z } from 'zod';

/** Base64 (RFC 4648, section 4): as sent, or already decoded for a route that lists the member in `base64Members`. */
export const Base64 = z
  .custom<string | Uint8Array>((value) => typeof value === 'string' || value instanceof Uint8Array, 'Invalid input: expected base64')
  .meta({ type: 'string', contentEncoding: 'base64' });
