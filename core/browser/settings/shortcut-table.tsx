/** A table of keyboard shortcuts, and of commands without one; each can be changed. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { CommandRegistry } from '@lumino/commands';
import { type KeyboardEvent, useState } from 'react';
import { clashingRow, type Offered, type Shortcut, type ShortcutRow, shortcutRows, withKeys, withoutKeys } from './shortcut-changes.ts';

export interface ShortcutTableProps {
  readonly commands: CommandRegistry;
  readonly defaults: readonly Shortcut[];
  /** The commands in the palette, each of which can be given keys. */
  readonly offered: readonly Offered[];
  readonly settings: ISettingRegistry.ISettings;
}

export function ShortcutTable({ commands, defaults, offered, settings }: ShortcutTableProps) {
  const [recording, setRecording] = useState<Shortcut | null>(null);
  const [problem, setProblem] = useState('');
  const own = settings.composite.shortcuts as unknown as Shortcut[];
  const labelOf = ({ command, args }: Shortcut) => commands.label(command, args) || command;
  const isThere = ({ command }: Shortcut) => commands.hasCommand(command);
  const others = withoutKeys(offered, defaults)
    .filter((shortcut) => isThere(shortcut) && commands.isVisible(shortcut.command, shortcut.args))
    .sort((a, b) => labelOf(a).localeCompare(labelOf(b)));
  const rows = shortcutRows([...defaults.filter(isThere), ...others], own);
  // The rows are new objects on each render, so compare them by content.
  const isRecorded = (original: Shortcut) => recording !== null && JSON.stringify(recording) === JSON.stringify(original);

  const change = (original: Shortcut, keys: readonly string[]) => {
    setRecording(null);
    const clash = clashingRow(rows, original, keys);
    setProblem(clash ? `${keys.map(readable).join(' ')} is taken by "${labelOf(clash.original)}".` : '');
    if (!clash) void settings.set('shortcuts', withKeys(own, original, keys) as never);
  };

  return (
    <>
      <p role="status" className="ved-Settings-problem">
        {problem}
      </p>
      <table className="ved-Settings-shortcuts">
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.original.command} ${JSON.stringify(row.original.args ?? {})} ${row.original.keys.join(' ')}`}>
              <th scope="row">{labelOf(row.original)}</th>
              <td>
                <KeysButton
                  row={row}
                  label={labelOf(row.original)}
                  recording={isRecorded(row.original)}
                  onStart={() => setRecording(row.original)}
                  onCancel={() => setRecording(null)}
                  onKeys={(keys) => change(row.original, keys)}
                />
              </td>
              <td>
                {row.changed && (
                  <button type="button" className="ved-Settings-link" onClick={() => change(row.original, row.original.keys)}>
                    {row.original.keys.length > 0 ? `Restore ${row.original.keys.map(readable).join(' ')}` : 'Remove'}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface KeysButtonProps {
  readonly row: ShortcutRow;
  readonly label: string;
  readonly recording: boolean;
  readonly onStart: () => void;
  readonly onCancel: () => void;
  readonly onKeys: (keys: readonly string[]) => void;
}

/** Shows the keys; after a click, records new ones. Escape cancels, Backspace removes the keys. */
function KeysButton({ row, label, recording, onStart, onCancel, onKeys }: KeysButtonProps) {
  const record = (event: KeyboardEvent) => {
    if (!recording || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onCancel();
    if (event.key === 'Backspace') return onKeys([]);
    const keystroke = CommandRegistry.keystrokeForKeydownEvent(event.nativeEvent);
    const { key } = CommandRegistry.parseKeystroke(keystroke);
    if (key) onKeys([keystroke]);
  };
  const shown = row.keys.length > 0 ? row.keys.map(readable).join(' ') : 'none';
  return (
    <button
      type="button"
      className="ved-Settings-keys"
      aria-label={`${label}: ${shown}. Change`}
      onClick={onStart}
      onBlur={onCancel}
      onKeyDown={record}
    >
      {recording ? 'Press keys · Esc keeps, Backspace removes' : <kbd>{shown}</kbd>}
    </button>
  );
}

function readable(keystroke: string): string {
  return CommandRegistry.formatKeystroke(keystroke);
}
