/** ved's own engines. */
export { createDockerEngine, type DockerEngineOptions } from './docker/docker-engine.ts';
export { createPyodideEngine, type PyodideEngineOptions } from './pyodide/pyodide-engine.ts';
