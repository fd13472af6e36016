/** ved's own icons. */
import { LabIcon } from '@jupyterlab/ui-components';

/** The name itself; drawn as text, so that it needs no font. */
export const userIcon = new LabIcon({
  name: 'ved:user',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><circle cx="8" cy="5" r="3"/><path d="M2 14c0-3.3 2.7-5 6-5s6 1.7 6 5z"/></g></svg>',
});
