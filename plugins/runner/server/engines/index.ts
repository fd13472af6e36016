/** The engines that ved brings. Each is made here and chosen elsewhere. */
export { createDockerEngine, type DockerEngineOptions } from './docker/docker-engine.ts';
export { createPyodideEngine, type PyodideEngineOptions } from './pyodide/pyodide-engine.ts';
