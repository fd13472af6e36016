/** Python in a test's own indentation. Backslashes are Python's. */
export function python(text: TemplateStringsArray, ...values: readonly string[]): string {
  const lines = String.raw(text, ...values).split('\n');
  if (lines[0] === '') lines.shift();
  const indent = lines[0]!.length - lines[0]!.trimStart().length;
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** What a refusal is: anything else that an attempt raises is told, as a slip in the attempt would be. */
const REFUSALS = '(OSError, ImportError, AttributeError, KeyError, ValueError)';

/**
 * A script that tries each, and says of those that worked that it could. An attempt is an expression; `must(...)` is for a
 * function of C, which refuses by -1. It ends with the number of attempts, so that one which never came to them is told apart.
 */
export function attempts(setup: string, tries: Readonly<Record<string, string>>): string {
  return [
    'def must(value):',
    '    if value == -1: raise OSError("refused")',
    setup,
    `tries = ${JSON.stringify(tries)}`,
    'for name, attempt in tries.items():',
    '    try: eval(attempt)',
    `    except ${REFUSALS}: pass`,
    '    except BaseException as error: print(name, "raised", repr(error))',
    '    else: print("could", name)',
    'print("tried", len(tries))',
  ].join('\n');
}
