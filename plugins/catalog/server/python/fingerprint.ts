/**
 * What a program does, as one hash: its syntax tree without comments, layout
 * and docstrings. Two programs get the same hash when CPython's `ast.dump` of
 * both, docstrings taken out, is the same.
 */
import { createHash, type Hash } from 'node:crypto';
import { parseDebugTree, type TreeNode, type TreeValue, unquoteRust } from './debug-tree.ts';
import { literalText, stringValue } from './docstring.ts';

/** How something was written, which the program itself cannot tell. */
const LAYOUT_FIELDS = new Set(['flags', 'ctx', 'parenthesized']);

const PASS: TreeNode = { name: 'Pass', fields: {}, items: [{ name: 'StmtPass', fields: {}, items: [] }] };

/** A hash of the program's tree; the text's own hash when it does not parse. Prefixed with what it was made by. */
export function fingerprint(
  content: string,
  parser: { version: string; hasErrors(source: string): boolean; dumpTree(source: string): string },
): string {
  if (parser.hasErrors(content)) return textFingerprint(content);
  const hash = createHash('sha256');
  write(parseDebugTree(parser.dumpTree(content)), hash);
  return `${parser.version}:${hash.digest('base64url')}`;
}

/** For a text that is no program, or one that the parser cannot take. */
export function textFingerprint(content: string): string {
  return `text:${createHash('sha256').update(content).digest('base64url')}`;
}

/** Feeds a value to the hash, each part delimited so that no two trees read alike. */
function write(value: TreeValue, hash: Hash): void {
  if (typeof value === 'string') {
    hash.update(`${value}\n`);
    return;
  }
  const special = SPECIAL[value.name];
  if (special) special(value, hash);
  else writeNode(value, hash);
}

function writeNode({ name, fields, items }: TreeNode, hash: Hash): void {
  hash.update(`${name}{\n`);
  for (const [key, value] of Object.entries(fields)) {
    if (LAYOUT_FIELDS.has(key)) continue;
    hash.update(`${key}=`);
    write(value, hash);
  }
  for (const item of items) write(item, hash);
  hash.update('}\n');
}

const SPECIAL: Readonly<Record<string, (node: TreeNode, hash: Hash) => void>> = {
  ModModule: withoutDocstring,
  StmtFunctionDef: withoutDocstring,
  StmtClassDef: withoutDocstring,
  StmtIf: writeIf,
  StringLiteralValue: (node, hash) => hash.update(`str ${JSON.stringify(literalText(node))}\n`),
  BytesLiteralValue: (node, hash) => hash.update(`bytes ${byteValues(node).join()}\n`),
  FStringValue: (node, hash) => writeInterpolated('fstring', elementsOf(node), hash),
  TStringValue: (node, hash) => writeInterpolated('tstring', elementsOf(node), hash),
  InterpolatedStringFormatSpec: (node, hash) => writeInterpolated('spec', elementsOf(node), hash),
  Int: ({ items }, hash) => hash.update(`int ${BigInt(String(items[0]).replaceAll('_', ''))}\n`),
};

/** A body without its docstring; one that held nothing else does what `pass` does. */
function withoutDocstring(node: TreeNode, hash: Hash): void {
  const body = node.fields.body as TreeNode;
  const [first, ...rest] = body.items;
  const kept = first !== undefined && stringValue(first) !== null ? rest : body.items;
  const isModule = node.name === 'ModModule';
  const fields: Record<string, TreeValue> = { ...node.fields, body: { ...body, items: kept.length === 0 && !isModule ? [PASS] : kept } };
  if (isEmptyArguments(fields.arguments)) fields.arguments = 'None';
  writeNode({ ...node, fields }, hash);
}

/** `class A():` is `class A:`. */
function isEmptyArguments(value: TreeValue | undefined): boolean {
  const inner = typeof value === 'object' ? value.items[0] : undefined;
  if (typeof inner !== 'object') return false;
  return Object.values(inner.fields).every((list) => list === '[]');
}

/** `elif` is `else:` with an `if` inside. */
function writeIf(node: TreeNode, hash: Hash): void {
  const clauses = listOf(node.fields.elif_else_clauses);
  let orelse: TreeValue = '[]';
  for (const clause of clauses.toReversed()) {
    const { test, body } = (clause as TreeNode).fields as { test: TreeValue; body: TreeValue };
    if (typeof test === 'string') orelse = body;
    else orelse = list([{ name: 'If', fields: {}, items: [ifNode(test.items[0] as TreeValue, body, orelse)] }]);
  }
  writeNode(ifNode(node.fields.test as TreeValue, node.fields.body as TreeValue, orelse), hash);
}

/** Named apart from `StmtIf`, whose clauses it no longer has. */
function ifNode(test: TreeValue, body: TreeValue, orelse: TreeValue): TreeNode {
  const only = listOf(orelse);
  const nested = only.length === 1 ? only[0] : undefined;
  return { name: 'FoldedIf', fields: { test, body, orelse: nested === undefined ? orelse : list([nested]) }, items: [] };
}

function list(items: readonly TreeValue[]): TreeNode {
  return { name: '', fields: {}, items };
}

function listOf(value: TreeValue | undefined): readonly TreeValue[] {
  return typeof value === 'object' ? value.items : [];
}

function byteValues(node: TreeValue): string[] {
  if (typeof node === 'string') return [];
  const own = node.name === 'BytesLiteral' ? listOf(node.fields.value).map(String) : [];
  return [...own, ...[...Object.values(node.fields), ...node.items].flatMap(byteValues)];
}

/** Literals and interpolations of a (possibly concatenated) f-string, in order. */
function elementsOf(node: TreeValue): TreeNode[] {
  if (typeof node === 'string') return [];
  if (node.name === 'InterpolatedStringLiteralElement' || node.name === 'InterpolatedElement' || node.name === 'StringLiteral')
    return [node];
  return [...Object.values(node.fields), ...node.items].flatMap(elementsOf);
}

/** Writes the parts with adjacent literals joined, so that where the quotes were makes no difference. */
function writeInterpolated(kind: string, elements: readonly TreeNode[], hash: Hash): void {
  hash.update(`${kind}{\n`);
  let literal = '';
  const flush = (): void => {
    if (literal !== '') hash.update(`str ${JSON.stringify(literal)}\n`);
    literal = '';
  };
  for (const element of elements) {
    if (element.name !== 'InterpolatedElement') {
      literal += unquoteRust(element.fields.value as string);
      continue;
    }
    const { expression, conversion, format_spec: spec, debug_text: debug } = element.fields as Record<string, TreeValue>;
    if (typeof debug === 'object') literal += debugText(debug);
    flush();
    const isBareDebug = typeof debug === 'object' && conversion === 'None' && spec === 'None';
    writeNode(
      {
        name: 'InterpolatedElement',
        fields: { expression: expression!, conversion: isBareDebug ? 'Repr' : conversion!, spec: spec! },
        items: [],
      },
      hash,
    );
  }
  flush();
  hash.update('}\n');
}

/** `f"{x = }"` writes its own source before the value. */
function debugText(debug: TreeNode): string {
  const parts = (debug.items[0] as TreeNode).fields;
  return ['leading', 'expression', 'trailing'].map((part) => unquoteRust(parts[part] as string)).join('');
}

/** Whether two fingerprints were made alike, so that their difference means something. */
export function comparable(a: string, b: string): boolean {
  const [makerOfA, makerOfB] = [a, b].map((value) => value.slice(0, value.indexOf(':')));
  return makerOfA === makerOfB || makerOfA === 'text' || makerOfB === 'text';
}
