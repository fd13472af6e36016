/** Python code, indented with the test. Backslashes are passed on to Python. */
export function python(text: TemplateStringsArray, ...values: readonly string[]): string {
  const lines = String.raw(text, ...values).split('\n');
  if (lines[0] === '') lines.shift();
  const indent = lines[0]!.length - lines[0]!.trimStart().length;
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** The exceptions that count as refusals. Any other is printed, for example one caused by a mistake in the attempt. */
const REFUSALS = '(OSError, ImportError, AttributeError, KeyError, ValueError)';

/**
 * A script that makes each attempt and prints those that succeeded. An attempt is an expression; `must(...)` wraps C functions,
 * which return -1 on failure. It prints the number of attempts at the end, which shows that all were made.
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
