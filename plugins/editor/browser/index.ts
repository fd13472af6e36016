import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const editorPlugins: JupyterFrontEndPlugin<unknown>[] = [
  { id: '@ved/editor:plugin', autoStart: true, activate: (_app: JupyterFrontEnd) => undefined },
];
