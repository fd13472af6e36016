/** How the workspace names a version. */

/** `v0.4` */
export function label(version: { major: number; minor: number }): string {
  return `v${version.major}.${version.minor}`;
}
