/** The panel: the conversation about the script in the current editor. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import { PanelAction, PanelError, PanelMessage } from '@ved/core/browser';
import type { Editors, ScriptEditor } from '@ved/editor/contract';
import type { QuestionSubject } from '../../contract/index.ts';
import { assistantIcon } from '../icons.ts';
import type { Availability } from './availability.ts';
import type { Chat } from './chat.ts';
import { ChatView } from './chat-view.tsx';
import type { Chats } from './chats.ts';
import { useSignal } from './use-signal.ts';

export interface AssistantPanelOptions {
  readonly chats: Chats;
  readonly editors: Editors;
  readonly availability: Availability;
  readonly commands: JupyterFrontEnd['commands'];
}

export class AssistantPanel extends ReactWidget {
  /** The subject of a suggested question while it is not the current script; null to follow the editors. */
  private shown: QuestionSubject | null = null;
  /** The script whose tab is being opened. */
  private opening: number | null = null;

  constructor(private readonly options: AssistantPanelOptions) {
    super();
    this.id = 'ved-assistant';
    this.addClass('ved-Assistant');
    this.title.icon = assistantIcon;
    this.title.caption = 'Assistant (Alt+4)';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Assistant');
    options.editors.currentChanged.connect(() => this.followEditor());
  }

  /** Fills in the prompt for the person to send, and shows its conversation until they switch to another script. */
  suggest(prompt: string, subject: QuestionSubject): void {
    this.options.chats.ofScript(subject.scriptId).suggest(prompt, subject);
    this.shown = subject;
    this.update();
  }

  /** Follows the editors unless the subject's script is not in front yet or has no editor. */
  private followEditor(): void {
    const { current } = this.options.editors;
    if (current === null || this.opening === this.shown?.scriptId) return;
    this.shown = null;
    this.update();
  }

  /** Opens the script that a question is about, so that an answer can be inserted; deleted scripts cannot be opened. */
  async openScript({ scriptId, scriptExists }: QuestionSubject): Promise<void> {
    const { editors } = this.options;
    if (!scriptExists || editors.current?.scriptId === scriptId) return;
    this.opening = scriptId;
    try {
      await editors.open(scriptId);
    } catch {
      // The tab itself shows the error; the question is in the box anyway.
    } finally {
      if (this.opening === scriptId) this.opening = null;
    }
  }

  protected override onActivateRequest(): void {
    (this.node.querySelector<HTMLElement>('textarea') ?? this.node.querySelector<HTMLElement>('button'))?.focus();
  }

  protected override render(): JSX.Element {
    return <AssistantView {...this.options} shown={this.shown} />;
  }
}

interface ViewProps extends AssistantPanelOptions {
  /** Null to follow the editors. */
  readonly shown: QuestionSubject | null;
}

function AssistantView({ chats, editors, availability, commands, shown }: ViewProps): JSX.Element {
  useSignal(editors.currentChanged);
  useSignal(editors.current?.changed);
  useSignal(availability.changed);
  const editor = shown === null ? editors.current : editorOf(editors, shown.scriptId);
  const subject = editor?.title ?? shown?.scriptName;
  return (
    <>
      <div className="ved-Assistant-head">
        <h2>Assistant</h2>
        <span className="ved-Assistant-subject" title={subject}>
          {subject ?? 'no script open'}
        </span>
        <button
          type="button"
          className="ved-Assistant-link"
          title="All questions, with answers and costs"
          onClick={() => void commands.execute('llm:show-log')}
        >
          Log
        </button>
      </div>
      <AssistantBody
        chat={editor === null && shown !== null ? chats.ofScript(shown.scriptId) : chats.of(editor)}
        editor={editor}
        availability={availability}
      />
    </>
  );
}

/** The editor of a script's newest version, in front or not. */
function editorOf({ current, all }: Editors, scriptId: number): ScriptEditor | null {
  if (current?.scriptId === scriptId) return current;
  return all.find((editor) => editor.scriptId === scriptId && !editor.readOnly) ?? null;
}

interface BodyProps {
  readonly chat: Chat;
  readonly editor: ScriptEditor | null;
  readonly availability: Availability;
}

function AssistantBody({ chat, editor, availability }: BodyProps): JSX.Element {
  const retry = () => void availability.refresh();
  if (availability.error) return <PanelError what="The assistant is not available." error={availability.error} onRetry={retry} />;
  if (availability.status?.configured === false) return <NotConfigured detail={availability.status.detail} onRetry={retry} />;
  const canInsert = editor !== null && !editor.readOnly;
  return <ChatView chat={chat} editor={editor} canInsert={canInsert} model={availability.status?.model ?? null} />;
}

function NotConfigured({ detail, onRetry }: { readonly detail: string | null; readonly onRetry: () => void }): JSX.Element {
  return (
    <PanelMessage title="The assistant needs an API key" actions={<PanelAction onClick={onRetry}>Check again</PanelAction>}>
      <p>{detail}</p>
      <pre className="ved-Assistant-example">OPENROUTER_API_KEY=… npm start</pre>
    </PanelMessage>
  );
}
