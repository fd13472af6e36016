import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const runnerPlugins: JupyterFrontEndPlugin<unknown>[] = [
  { id: '@ved/runner:plugin', autoStart: true, activate: (_app: JupyterFrontEnd) => undefined },
];
