/**
 * A child of the embedded engine that makes attempts from JavaScript, which a
 * script cannot reach, with only the given restrictions. argv[2] is JSON
 * {locks, attempts, port}. Prints the result of each attempt as JSON: `could`, or
 * the reason why not.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { capMemory, closeProcess, denyImports } from '../../../server/engines/pyodide/child-locks.mjs';

const { locks, attempts, port } = JSON.parse(process.argv[2]);
const { exit, stdout } = process;

function reach() {
  return new Promise((resolve, reject) => {
    connect({ port, host: '127.0.0.1' }, resolve).on('error', reject);
  });
}

const tries = {
  binding: () => process.binding('fs').open,
  linkedBinding: () => typeof process._linkedBinding,
  kill: () => process.kill(process.pid, 0),
  builtin: () => process.getBuiltinModule('node:fs').readFileSync,
  library: () => process.dlopen({ exports: {} }, '/nowhere.node'),
  environment: () => process.env.VED_HOLE.length,
  fetch: () => fetch(`http://127.0.0.1:${port}/`),
  importBuiltin: () => import('node:fs'),
  importData: () => import('data:text/javascript,export default 1'),
  importFile: () => import('../../../server/engines/pyodide/child-out.mjs'),
  grow: () => new WebAssembly.Memory({ initial: 1 }).grow(2000),
  growWithin: () => new WebAssembly.Memory({ initial: 1 }).grow(100),
  text: () => new Function('return 1')(),
  read: () => readFileSync('/etc/hostname'),
  write: () => writeFileSync('/dev/null', ''),
  start: () => {
    const { error } = spawnSync('true');
    if (error) throw error;
  },
  connect: reach,
};

if (locks.includes('capMemory')) capMemory().limit(64 * 2 ** 20);
if (locks.includes('denyImports')) denyImports();
if (locks.includes('closeProcess')) closeProcess();

const came = {};
for (const name of attempts) {
  try {
    await tries[name]();
    came[name] = 'could';
  } catch (error) {
    came[name] = String(error?.code ?? error?.message ?? error);
  }
}
stdout.write(JSON.stringify(came), () => exit.call(process, 0));
