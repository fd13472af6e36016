import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const llmPlugins: JupyterFrontEndPlugin<unknown>[] = [
  { id: '@ved/llm:plugin', autoStart: true, activate: (_app: JupyterFrontEnd) => undefined },
];
