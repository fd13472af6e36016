/** The panel: the conversation about the script in the current editor. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import { PanelError } from '@ved/core/browser';
import type { Editors, ScriptEditor } from '@ved/editor/contract';
import { assistantIcon } from '../icons.ts';
import type { Availability } from './availability.ts';
import type { Chat } from './chat.ts';
import { ChatView } from './chat-view.tsx';
import type { Chats } from './chats.ts';
import { NotConfigured } from './not-configured.tsx';
import { useSignal } from './use-signal.ts';

export interface AssistantPanelOptions {
  readonly chats: Chats;
  readonly editors: Editors;
  readonly availability: Availability;
  readonly commands: JupyterFrontEnd['commands'];
}

export class AssistantPanel extends ReactWidget {
  constructor(private readonly options: AssistantPanelOptions) {
    super();
    this.id = 'ved-assistant';
    this.addClass('ved-Assistant');
    this.title.icon = assistantIcon;
    this.title.caption = 'Assistant (Alt+4)';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Assistant');
  }

  /** Fills the prompt in, ready to be sent by the person. */
  suggest(prompt: string): void {
    this.options.chats.of(this.options.editors.current).prompt = prompt;
  }

  protected override onActivateRequest(): void {
    (this.node.querySelector<HTMLElement>('textarea') ?? this.node.querySelector<HTMLElement>('button'))?.focus();
  }

  protected override render(): JSX.Element {
    return <AssistantView {...this.options} />;
  }
}

function AssistantView({ chats, editors, availability, commands }: AssistantPanelOptions): JSX.Element {
  useSignal(editors.currentChanged);
  useSignal(editors.current?.changed);
  useSignal(availability.changed);
  const editor = editors.current;
  return (
    <>
      <div className="ved-Assistant-head">
        <h2>Assistant</h2>
        <span className="ved-Assistant-subject" title={editor?.title}>
          {editor?.title ?? 'no script open'}
        </span>
        <button
          type="button"
          className="ved-Assistant-link"
          title="Every question, with its answer and cost"
          onClick={() => void commands.execute('llm:show-log')}
        >
          Log
        </button>
      </div>
      <AssistantBody chat={chats.of(editor)} editor={editor} availability={availability} />
    </>
  );
}

interface BodyProps {
  readonly chat: Chat;
  readonly editor: ScriptEditor | null;
  readonly availability: Availability;
}

function AssistantBody({ chat, editor, availability }: BodyProps): JSX.Element {
  const retry = () => void availability.refresh();
  if (availability.error) return <PanelError what="The assistant cannot be asked." error={availability.error} onRetry={retry} />;
  if (availability.status?.configured === false) return <NotConfigured detail={availability.status.detail} onRetry={retry} />;
  const canInsert = editor !== null && !editor.readOnly;
  return <ChatView chat={chat} editor={editor} canInsert={canInsert} model={availability.status?.model ?? null} />;
}
