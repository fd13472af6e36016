/** The workspace's application: JupyterLab's front end and shell, without a Jupyter server. */
import { type ILabShell, JupyterFrontEnd, LabShell } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { createInertServices } from './inert-services.ts';

export class VedApp extends JupyterFrontEnd<ILabShell> {
  readonly name = 'ved';
  readonly namespace = 'ved';

  constructor(readonly version: string) {
    // The layout restorer and the shell read the mode from the page's configuration.
    PageConfig.setOption('mode', 'multiple-document');
    const shell = new LabShell();
    super({ shell, serviceManager: createInertServices(), restored: shell.restored });
  }
}

/** The server paths that JupyterLab's parts ask for; only the base is ever used. */
export const inertPaths: JupyterFrontEnd.IPaths = {
  urls: { base: '/', notFound: '', app: '/', doc: '/', static: '/', settings: '', themes: '/', translations: '' },
  directories: { appSettings: '', schemas: '', static: '', templates: '', themes: '', userSettings: '', serverRoot: '', workspaces: '' },
};
