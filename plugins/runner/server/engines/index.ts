/** The engines that ved brings. Each is made here and chosen elsewhere. */
export { createPyodideEngine, type PyodideEngineOptions } from './pyodide/pyodide-engine.ts';
