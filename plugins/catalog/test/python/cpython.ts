/** The system's CPython, to compare with. One process answers a whole batch. */
import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

const ORACLE = `
import ast, inspect, json, sys, warnings
warnings.simplefilter("ignore")

def docstring(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {"parses": False}
    raw = ast.get_docstring(tree, clean=False)
    return {"parses": True, "raw": raw, "clean": None if raw is None else inspect.cleandoc(raw)}

class Strip(ast.NodeTransformer):
    def strip(self, node):
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
        return node
    visit_Module = visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = strip
    def visit_Constant(self, node):
        node.kind = None
        return node

def program(source):
    try:
        return ast.dump(Strip().visit(ast.parse(source.encode())))
    except (SyntaxError, ValueError):
        return None

def compiles(source):
    try:
        compile(source.encode(), "s", "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError):
        return False

answer = {"docstring": docstring, "program": program, "compiles": compiles}[sys.argv[1]]
json.dump([answer(source) for source in json.load(sys.stdin)], sys.stdout)
`;

export interface Docstring {
  readonly parses: boolean;
  readonly raw?: string | null;
  readonly clean?: string | null;
}

function ask<T>(question: string, sources: readonly string[]): T[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', ORACLE, question], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout) as T[];
}

/** `ast.get_docstring` of each. */
export const docstrings = (sources: readonly string[]): Docstring[] => ask('docstring', sources);
/** `ast.dump` of each without docstrings; null when it does not parse. */
export const programs = (sources: readonly string[]): (string | null)[] => ask('program', sources);
/** Whether each compiles. */
export const compiles = (sources: readonly string[]): boolean[] => ask('compiles', sources);

/** Skips a suite when there is no Python to compare with. */
export function needsPython(this: Context): void {
  if (spawnSync('python3', ['--version']).status !== 0) this.skip();
}
