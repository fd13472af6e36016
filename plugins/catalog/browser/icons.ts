/** Icons of the catalog. */
import { LabIcon } from '@jupyterlab/ui-components';

/** An ordered list. */
export const catalogIcon = new LabIcon({
  name: 'ved:catalog',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><rect x="1" y="2.5" width="3" height="3" rx="1"/><rect x="6" y="3.25" width="9" height="1.5" rx=".75"/><rect x="1" y="6.5" width="3" height="3" rx="1"/><rect x="6" y="7.25" width="9" height="1.5" rx=".75"/><rect x="1" y="10.5" width="3" height="3" rx="1"/><rect x="6" y="11.25" width="9" height="1.5" rx=".75"/></g></svg>',
});
