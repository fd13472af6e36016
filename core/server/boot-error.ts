/** Why the server cannot start: all problems found, in one error with a line each. */
export class BootError extends Error {
  override readonly name = 'BootError';

  constructor(
    readonly faults: readonly string[],
    options: { readonly cause?: unknown } = {},
  ) {
    super(
      faults.length === 1 ? faults[0] : `there are ${faults.length} problems:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
      options,
    );
  }
}
