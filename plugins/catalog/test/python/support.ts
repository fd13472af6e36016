/** The analyser as the catalog has it, one for a suite. */
import { pino } from 'pino';
import { PythonAnalyser } from '../../server/python/analyser.ts';

/** Ends with the suite in which it is called. */
export function anAnalyser(): PythonAnalyser {
  const analyser = new PythonAnalyser(pino({ level: 'silent' }));
  after(() => analyser.stop());
  return analyser;
}
