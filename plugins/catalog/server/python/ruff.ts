/**
 * The adapter to Ruff's parser, compiled to WebAssembly. Runs in the analysis
 * worker only: a deeply nested program can overflow its stack, and the text of
 * a syntax tree is a hundred times as long as the program.
 */
import ruff from '@astral-sh/ruff-wasm-nodejs';
import type { Diagnostic } from '@ved/catalog/contract';

/** Rules for what CPython's compiler, not its parser, refuses: `return` outside a function, `global` after use, and the like. */
const COMPILE_ERRORS = ['F404', 'F407', 'F621', 'F622', 'F701', 'F702', 'F704', 'F706', 'F707', 'PLE0117', 'PLE0118', 'PLE1142'];

/** The version of Python whose grammar counts: that of the default image and of Pyodide. */
const TARGET = 'py314';

/** Enough to act on; a binary file pasted by mistake has one on every line. */
const MOST_DIAGNOSTICS = 100;

const workspace = new ruff.Workspace({ lint: { select: COMPILE_ERRORS }, 'target-version': TARGET }, ruff.PositionEncoding.Utf16);

/** Names the parser, because stored fingerprints are comparable only within one version of it. */
export const parserVersion: string = ruff.Workspace.version();

/** What stops the program from being compiled, in order. Columns count UTF-16 units from 1. */
export function syntaxErrors(content: string): Diagnostic[] {
  // A `# noqa` silences a lint rule; it does not make the program compile.
  // Comment by comment: one pattern for both would try the rest of the line again from each of a million `#`.
  const source = content.replace(/#[^\n]*/g, (comment) => comment.replace(/noqa/gi, 'n0qa'));
  const found = workspace.check(source) as { message: string; start_location: { row: number; column: number } }[];
  return found.slice(0, MOST_DIAGNOSTICS).map(({ message, start_location: at }) => ({ line: at.row, column: at.column, message }));
}

/** The syntax tree as Rust prints it for debugging; tolerant of errors. Ranges are bytes of UTF-8. */
export function dumpTree(content: string): string {
  return workspace.parse(content);
}
