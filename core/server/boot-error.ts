/** What is in the way of starting: every fault that could be found, in one error, each a line for a person. */
export class BootError extends Error {
  override readonly name = 'BootError';

  constructor(
    readonly faults: readonly string[],
    options: { readonly cause?: unknown } = {},
  ) {
    super(
      faults.length === 1
        ? faults[0]
        : `${faults.length} things are in the way of starting:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
      options,
    );
  }
}
