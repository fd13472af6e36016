/** The Python program that is process 1 of a container, put together from its two parts. */
import { readFile } from 'node:fs/promises';
import { sourceFile } from '../source-file.ts';

export async function bootProgram(): Promise<string> {
  const parts = ['collect.py', 'boot.py'].map((name) => readFile(sourceFile('docker', name), 'utf8'));
  return (await Promise.all(parts)).join('\n');
}
