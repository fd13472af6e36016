import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const catalogPlugins: JupyterFrontEndPlugin<unknown>[] = [
  { id: '@ved/catalog:plugin', autoStart: true, activate: (_app: JupyterFrontEnd) => undefined },
];
