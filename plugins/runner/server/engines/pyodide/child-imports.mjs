/** What becomes of every import() from the moment at which this is put in front of Node's own way: nothing. */

export function resolve(specifier) {
  throw Object.assign(new Error(`import() is denied: ${specifier}`), { code: 'ERR_ACCESS_DENIED' });
}
