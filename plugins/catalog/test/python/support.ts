/** The catalog's analyser, one per suite. */
import { pino } from 'pino';
import { PythonAnalyser } from '../../server/python/analyser.ts';

/** Stops when the calling suite ends. */
export function anAnalyser(): PythonAnalyser {
  const analyser = new PythonAnalyser(pino({ level: 'silent' }));
  after(() => analyser.stop());
  return analyser;
}
