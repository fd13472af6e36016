/** Icons of the assistant. */
import { LabIcon } from '@jupyterlab/ui-components';

/** Two sparkles. */
export const assistantIcon = new LabIcon({
  name: 'ved:assistant',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><path d="M6.5 2.5c.3 2.9 1.6 4.2 4.5 4.5-2.9.3-4.2 1.6-4.5 4.5C6.2 8.6 4.9 7.3 2 7c2.9-.3 4.2-1.6 4.5-4.5z"/><path d="M12 9.5c.2 1.6.9 2.3 2.5 2.5-1.6.2-2.3.9-2.5 2.5-.2-1.6-.9-2.3-2.5-2.5 1.6-.2 2.3-.9 2.5-2.5z"/></g></svg>',
});

/** Lines of a ledger. */
export const logIcon = new LabIcon({
  name: 'ved:assistant-log',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><path d="M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm.5 1.5v9h9v-9z"/><rect x="5" y="5.25" width="6" height="1.2"/><rect x="5" y="7.45" width="6" height="1.2"/><rect x="5" y="9.65" width="4" height="1.2"/></g></svg>',
});
