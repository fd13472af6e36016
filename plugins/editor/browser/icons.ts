/** The editor's own icons, 16 pixels, in the theme's colours. */
import { LabIcon } from '@jupyterlab/ui-components';

export const problemsIcon = new LabIcon({
  name: 'ved-editor:problems',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16"><path class="jp-icon3" fill="#616161" d="M8 1.5 15 14H1L8 1.5Zm0 2.9L3.1 12.9h9.8L8 4.4ZM7.4 7h1.2v3.1H7.4V7Zm0 3.9h1.2v1.2H7.4v-1.2Z"/></svg>',
});

export const testDataIcon = new LabIcon({
  name: 'ved-editor:test-data',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16"><path class="jp-icon3" fill="#616161" d="M5.5 1.5h5v1.2h-.9v3.6l3.6 6.1c.6 1-.1 2.1-1.2 2.1H4c-1.1 0-1.8-1.1-1.2-2.1l3.6-6.1V2.7h-.9V1.5Zm2.1 1.2v3.9L6.4 8.7h3.2L8.4 6.6V2.7h-.8ZM5.7 9.9l-1.9 3.2c-.1.1 0 .2.2.2h8c.2 0 .3-.1.2-.2l-1.9-3.2H5.7Z"/></svg>',
});
