/** The address of a script's model, which the language service and the problems know it by. */

/** Where live scripts lie, as the language service sees them. */
export const SCRIPTS_FOLDER = '/scripts';

/** Of a document by its key. What is only read has an address that the language service leaves alone. */
export function scriptUri(key: string, checked: boolean): string {
  return checked ? `file://${SCRIPTS_FOLDER}/${key}.py` : `ved:/${key}.py`;
}

export function isScriptUri(uri: { readonly scheme: string; readonly path: string }): boolean {
  return uri.scheme === 'file' && uri.path.startsWith(`${SCRIPTS_FOLDER}/`);
}

/** The key of the document with this address; null for what is no live script. */
export function keyOfUri(uri: { readonly scheme: string; readonly path: string }): string | null {
  return isScriptUri(uri) ? uri.path.slice(SCRIPTS_FOLDER.length + 1).replace(/\.py$/, '') : null;
}
