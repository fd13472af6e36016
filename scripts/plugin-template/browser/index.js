/** The browser half: a command that opens a panel with the greetings. */
import { ICommandPalette } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { createClient, Workspace } from '@ved/core/browser';
import { routes } from './routes.js';

const client = createClient(routes);

/** @type {import('@ved/core/browser').VedPlugin<void>} */
export default {
  id: '__id__:panel',
  description: 'Shows greetings.',
  autoStart: true,
  requires: [Workspace, ICommandPalette],
  activate: (app, /** @type {Workspace} */ { canEdit }, /** @type {ICommandPalette} */ palette) => {
    app.commands.addCommand('__id__:show', {
      label: 'Show __title__',
      execute: async () => {
        const panel = greetingsPanel(canEdit);
        app.shell.add(panel, 'main');
        app.shell.activateById(panel.id);
      },
    });
    palette.addItem({ command: '__id__:show', category: '__title__' });
  },
};

/** @param {boolean} canEdit */
function greetingsPanel(canEdit) {
  const panel = new Widget();
  panel.id = '__id__';
  panel.title.label = '__title__';
  panel.title.closable = true;

  const list = document.createElement('ul');
  /** @param {Awaited<ReturnType<typeof client.listGreetings>>} greetings */
  const show = (greetings) => list.replaceChildren(...greetings.map(itemOf));
  /** @param {Error} error */
  const fail = (error) => list.replaceChildren(error.message);
  client.listGreetings().then(show, fail);
  panel.node.append(list);
  if (!canEdit) return panel;

  const button = document.createElement('button');
  button.className = 'jp-mod-styled';
  button.textContent = 'Say hello';
  button.addEventListener('click', () => client.addGreeting({ body: { text: 'Hello' } }).then(show, fail));
  panel.node.prepend(button);
  return panel;
}

/** @param {{ text: string; said_by: string }} greeting */
function itemOf({ text, said_by }) {
  const item = document.createElement('li');
  item.textContent = `${said_by}: ${text}`;
  return item;
}
