/**
 * The conversations of this page, one per script. A script that is saved for the
 * first time keeps the one it had before; a script that is closed and reopened
 * gets its own back.
 */
import type { ScriptEditor } from '@ved/editor/contract';
import { Chat } from './chat.ts';
import type { PromptDrafts } from './prompt-drafts.ts';

/** The key of the prompt that belongs to no saved script. */
const NO_SCRIPT = 'none';

export class Chats {
  private readonly byScript = new Map<number, Chat>();
  private readonly byEditor = new WeakMap<ScriptEditor, Chat>();
  /** The editor of each conversation: of several editors of a script, the one last used. */
  private readonly editors = new WeakMap<Chat, ScriptEditor>();
  private readonly general: Chat;

  constructor(private readonly drafts: PromptDrafts) {
    this.general = this.make(() => NO_SCRIPT);
  }

  /** The conversation about this editor's script; the general one for null. */
  of(editor: ScriptEditor | null): Chat {
    if (editor === null) return this.general;
    const chat = this.find(editor) ?? this.make(() => String(editor.scriptId ?? NO_SCRIPT), editor.scriptId);
    this.byEditor.set(editor, chat);
    if (editor.scriptId !== null) this.byScript.set(editor.scriptId, chat);
    this.editors.set(chat, editor);
    return chat;
  }

  /** The conversation about a script, open or not. */
  ofScript(scriptId: number): Chat {
    const chat = this.byScript.get(scriptId) ?? this.make(() => String(scriptId), scriptId);
    this.byScript.set(scriptId, chat);
    return chat;
  }

  private find(editor: ScriptEditor): Chat | undefined {
    return (editor.scriptId === null ? undefined : this.byScript.get(editor.scriptId)) ?? this.byEditor.get(editor);
  }

  private make(key: () => string, scriptId: number | null = null): Chat {
    const chat: Chat = new Chat({
      prompt: this.drafts.read(scriptId === null ? NO_SCRIPT : String(scriptId)),
      onPrompt: (prompt) => this.drafts.write(key(), prompt),
      subject: () => subjectOf(this.editors.get(chat), scriptId),
    });
    return chat;
  }
}

/** Without an editor the server uses the script's newest version. */
function subjectOf(editor: ScriptEditor | undefined, scriptId: number | null) {
  if (!editor) return scriptId === null ? {} : { script_id: scriptId };
  return { script_id: editor.scriptId ?? undefined, script_version_id: editor.version?.id, context_code: editor.text };
}
