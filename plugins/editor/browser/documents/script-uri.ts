/** The URI of a script's model, by which the language service and the problems identify it. */

/** The folder of live scripts, as the language service sees them. */
export const SCRIPTS_FOLDER = '/scripts';

/** Read-only documents have a URI that the language service ignores. */
export function scriptUri(key: string, checked: boolean): string {
  return checked ? `file://${SCRIPTS_FOLDER}/${key}.py` : `ved:/${key}.py`;
}

export function isScriptUri(uri: { readonly scheme: string; readonly path: string }): boolean {
  return uri.scheme === 'file' && uri.path.startsWith(`${SCRIPTS_FOLDER}/`);
}

/** The key of the document with this URI; null when it is not a live script. */
export function keyOfUri(uri: { readonly scheme: string; readonly path: string }): string | null {
  return isScriptUri(uri) ? uri.path.slice(SCRIPTS_FOLDER.length + 1).replace(/\.py$/, '') : null;
}
