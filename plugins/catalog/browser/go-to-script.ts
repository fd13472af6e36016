/** Ctrl+P: a palette of scripts, matched by letters of their number and name. */
import { StringExt } from '@lumino/algorithm';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { h } from '@lumino/virtualdom';
import { CommandPalette, Panel, Widget } from '@lumino/widgets';
import { foldForSearch, scriptName, versionName } from '@ved/catalog/contract';
import { prodWords } from './prod-state.ts';
import type { ScriptList } from './script-list.ts';

/** Folds the query too, since the labels are folded. */
class FoldingPalette extends CommandPalette {
  protected override search(query: string): CommandPalette.SearchResult[] {
    return super.search(foldForSearch(query));
  }
}

/** Shows the real names instead of the folded labels. */
class NameRenderer extends CommandPalette.Renderer {
  constructor(private readonly names: ReadonlyMap<string, string>) {
    super();
  }

  override formatItemLabel(data: CommandPalette.IItemRenderData): h.Child {
    const { label, command } = data.item;
    const name = this.names.get(command) ?? label;
    // When folding changed the length of the name, the indices do not fit its letters.
    return data.indices && name.length === label.length ? StringExt.highlight(name, data.indices, h.mark) : name;
  }
}

/** Shows the palette over the workspace and calls `open` with the chosen script. Closes when it loses focus. */
export function goToScript(list: ScriptList, open: (scriptId: number) => void): void {
  const commands = new CommandRegistry();
  const names = new Map(list.scripts.map((script) => [`script:${script.id}`, scriptName(script)]));
  const palette = new FoldingPalette({ commands, renderer: new NameRenderer(names) });
  palette.inputNode.placeholder = 'Go to script: number or name';
  palette.inputNode.setAttribute('aria-label', 'Go to script');
  for (const [rank, script] of list.scripts.entries()) {
    const command = `script:${script.id}`;
    commands.addCommand(command, {
      label: foldForSearch(scriptName(script)),
      caption: `${versionName(script)}, ${prodWords(script)}`,
      execute: () => open(script.id),
    });
    palette.addItem({ command, category: 'Scripts', rank });
  }

  const host = new Panel();
  host.id = 'ved-go-to-script';
  host.addClass('jp-ModalCommandPalette');
  // Its position and width come from the theme.
  host.addClass('jp-ThemedContainer');
  host.addWidget(palette);
  const close = () => {
    if (host.isDisposed) return;
    host.dispose();
  };
  commands.commandExecuted.connect(close);
  host.node.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    },
    true,
  );
  // On the next tick, because choosing an item blurs the input before the command runs.
  host.node.addEventListener('focusout', (event) => {
    if (!host.node.contains(event.relatedTarget as Node | null)) setTimeout(close);
  });
  Widget.attach(host, document.body);
  MessageLoop.sendMessage(palette, Widget.Msg.UpdateRequest);
  palette.inputNode.focus();
}
