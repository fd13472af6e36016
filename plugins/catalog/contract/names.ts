/** Display names of scripts and versions. */

/** `3.01 Load orders`. */
export function scriptName(script: { readonly ordering_number: number; readonly descriptive_name: string }): string {
  return `${script.ordering_number.toFixed(2)} ${script.descriptive_name}`;
}

/** `v0.4`. */
export function versionName({ major, minor }: { readonly major: number; readonly minor: number }): string {
  return `v${major}.${minor}`;
}
