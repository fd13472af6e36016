/** Every style sheet of the workspace, JupyterLab's first. */
import '@jupyterlab/application/style/index.js';
import '@jupyterlab/apputils-extension/style/index.js';
import '@jupyterlab/mainmenu/style/index.js';
import '@jupyterlab/statusbar/style/index.js';
import '@jupyterlab/ui-components/style/index.js';
import './style/workspace.css';
import './style/parts.css';
