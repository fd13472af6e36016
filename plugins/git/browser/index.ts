import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const gitPlugins: JupyterFrontEndPlugin<unknown>[] = [
  { id: '@ved/git:plugin', autoStart: true, activate: (_app: JupyterFrontEnd) => undefined },
];
