/** The worker thread that parses Python. Answers one request at a time; holds nothing between them. */
import { parentPort } from 'node:worker_threads';
import type { Analysis, AnalysisReply, AnalysisRequest } from './analyser.ts';
import { moduleDocstring } from './docstring.ts';
import { fingerprint } from './fingerprint.ts';
import { dumpTree, parserVersion, syntaxErrors } from './ruff.ts';
import { READY } from './worker-lane.ts';

const parser = { version: parserVersion, hasErrors: (source: string) => syntaxErrors(source).length > 0, dumpTree };

function analyse(content: string): Analysis {
  return { docstring: moduleDocstring(content, dumpTree), diagnostics: syntaxErrors(content) };
}

parentPort?.on('message', ({ kind, content }: AnalysisRequest) => {
  const value = kind === 'analyse' ? analyse(content) : fingerprint(content, parser);
  parentPort?.postMessage({ value } satisfies AnalysisReply);
});
parentPort?.postMessage(READY);
