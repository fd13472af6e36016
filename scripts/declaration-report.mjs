/**
 * Reports what an entry of a package exports, as declarations: each exported name, then
 * the unexported ones that these refer to. Reads the `.d.ts` files of `tsc -b`, and
 * leaves out comments, private members and descriptive sentences, so that the report
 * only changes when importers are affected.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync, printSync } from '@swc/core';

/** Members that contain descriptive sentences, in routes and in tables of problem codes. */
const SENTENCES = new Set(['summary', 'meaning', 'where']);

const files = new Map();

/** The report for the `.d.ts` file of an entry. */
export function declarationReport(entry) {
  const exported = exportsOf(entry);
  const local = new Map([...exported].filter(([, { file }]) => file !== null));
  const outside = [...exported.values()].filter(({ file }) => file === null).map(({ text }) => text);
  const names = [...local].sort(([a], [b]) => (a < b ? -1 : 1));
  const done = new Set();
  const own = names.map(([name, place]) => textOf(place, name, done));
  const helpers = helpersOf([...local.values()], done);
  return [
    ...[...new Set(outside)].sort(),
    ...own,
    ...(helpers.length > 0 ? ['// Not exported, but part of what is:', ...helpers] : []),
    ...augmentationsOf([...done].map((place) => place.split('#')[0])),
  ].join('\n');
}

/** Everything that the declarations refer to, directly or indirectly, except what is in `done`. */
function helpersOf(places, done) {
  const texts = [];
  const open = places.flatMap(referred);
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (done.has(keyOf(place))) continue;
    texts.push(textOf(place, place.name, done));
    open.push(...referred(place));
  }
  return texts.sort();
}

function textOf(place, name, done) {
  done.add(keyOf(place));
  const text = print(read(place.file).declared.get(place.name));
  return name === place.name ? text : `${text}\nexport { ${place.name} as ${name} };`;
}

const keyOf = ({ file, name }) => `${file}#${name}`;

/** Where the names in a declaration are declared, except those of other packages. */
function referred({ file, name }) {
  const { declared, imported } = read(file);
  const found = [];
  visit(declared.get(name), (node) => {
    if (node.type === 'TsImportType' && isRelative(node.argument.value)) {
      const member = node.qualifier?.value;
      if (member === undefined) throw new Error(`${file}: the type of a whole module cannot be reported.`);
      found.push(resolveExport(sourceOf(file, node.argument.value), member));
    }
    if (node.type !== 'Identifier') return;
    if (declared.has(node.value)) found.push({ file, name: node.value });
    const from = imported.get(node.value);
    if (from) found.push(resolveExport(from.file, from.name));
  });
  return found.filter((place) => place.file !== null);
}

function resolveExport(file, name) {
  const place = exportsOf(file).get(name);
  if (!place) throw new Error(`${file} does not export ${name}.`);
  return place;
}

/** The exported names and where each is declared; `file` is null for names from another package. */
function exportsOf(file) {
  const module = read(file);
  if (module.exports) return module.exports;
  const found = new Map();
  for (const item of module.items) {
    if (item.type === 'ExportDeclaration') for (const name of namesOf(item.declaration)) found.set(name, { file, name });
    if (item.type === 'ExportAllDeclaration') for (const [name, place] of starOf(file, item)) if (!found.has(name)) found.set(name, place);
    if (item.type === 'ExportNamedDeclaration') for (const [name, place] of listOf(file, item)) found.set(name, place);
  }
  module.exports = found;
  return found;
}

function starOf(file, item) {
  const source = item.source.value;
  if (isRelative(source)) return exportsOf(sourceOf(file, source));
  return [[`* from ${source}`, { file: null, text: print([item]) }]];
}

function listOf(file, item) {
  const source = item.source?.value;
  return item.specifiers.map(({ orig, exported }) => {
    const name = (exported ?? orig).value;
    if (source !== undefined && !isRelative(source)) return [name, { file: null, text: print([item]) }];
    if (source !== undefined) return [name, resolveExport(sourceOf(file, source), orig.value)];
    const from = read(file).imported.get(orig.value);
    return [name, from ? resolveExport(from.file, from.name) : { file, name: orig.value }];
  });
}

/** The module augmentations in the files. */
function augmentationsOf(paths) {
  return [...new Set(paths)].flatMap((file) => read(file).augmentations.map((item) => print([item]))).sort();
}

function read(file) {
  if (!files.has(file)) files.set(file, parse(file));
  return files.get(file);
}

function parse(file) {
  const items = parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2022' }).body;
  const declared = new Map();
  const imported = new Map();
  for (const item of items) {
    const declaration = item.type === 'ExportDeclaration' ? item.declaration : item;
    for (const name of namesOf(declaration)) declared.set(name, [...(declared.get(name) ?? []), item]);
    if (item.type === 'ImportDeclaration' && isRelative(item.source.value)) {
      for (const specifier of item.specifiers) {
        if (specifier.type !== 'ImportSpecifier') throw new Error(`${file}: import names, not the whole of ${item.source.value}.`);
        const name = (specifier.imported ?? specifier.local).value;
        imported.set(specifier.local.value, { file: sourceOf(file, item.source.value), name });
      }
    }
  }
  const augmentations = items.filter(({ type, id }) => type === 'TsModuleDeclaration' && id.type === 'StringLiteral');
  return { items, declared, imported, augmentations, exports: null };
}

function namesOf(declaration) {
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.map(({ id }) => id.value);
  const name = declaration.identifier ?? declaration.id;
  return name?.type === 'Identifier' ? [name.value] : [];
}

const isRelative = (source) => source.startsWith('.');

/** `./a.ts` and `./a.tsx` are declared by `./a.d.ts`, `./a.mjs` by `./a.d.mts`. */
function sourceOf(file, source) {
  const path = join(dirname(file), source.replace(/\.tsx?$/, '.d.ts').replace(/\.mjs$/, '.d.mts'));
  if (!existsSync(path)) throw new Error(`${file} refers to ${source}, which tsc wrote no declarations of.`);
  return path;
}

/** Calls `onNode` for every node, depth first. */
function visit(node, onNode) {
  if (Array.isArray(node)) for (const each of node) visit(each, onNode);
  else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') onNode(node);
    for (const [key, value] of Object.entries(node)) if (key !== 'span') visit(value, onNode);
  }
}

function print(items) {
  const span = { start: 0, end: 0, ctxt: 0 };
  return printSync({ type: 'Module', span, body: items.map(publicPart), interpreter: null }).code.trim();
}

function publicPart(node) {
  if (Array.isArray(node)) return node.filter((each) => !isPrivate(each)).map(publicPart);
  if (node === null || typeof node !== 'object') return node;
  if (node.type === 'TsPropertySignature' && SENTENCES.has(node.key?.value) && literalOf(node) !== null) return withoutSentence(node);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'span' ? value : publicPart(value)]));
}

function isPrivate(member) {
  return member?.accessibility === 'private' || member?.type === 'PrivateProperty' || member?.type === 'PrivateMethod';
}

function literalOf({ typeAnnotation }) {
  const type = typeAnnotation?.typeAnnotation;
  return type?.type === 'TsLiteralType' && type.literal.type === 'StringLiteral' ? type.literal : null;
}

function withoutSentence(node) {
  const { typeAnnotation } = node;
  const { span } = typeAnnotation;
  return { ...node, typeAnnotation: { ...typeAnnotation, typeAnnotation: { type: 'TsKeywordType', span, kind: 'string' } } };
}
