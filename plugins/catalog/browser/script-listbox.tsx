/** The rows: virtualised, so that a thousand scripts scroll as well as ten; pointer, keyboard and dragging. */

import { useVirtualizer } from '@tanstack/react-virtual';
import type { RowBadge, ScriptSummary } from '@ved/catalog/contract';
import { type DragEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { CatalogState } from './catalog-state.ts';
import { type DropTarget, targetNewGroup, targetOver, useDrag } from './drag.ts';
import type { Move } from './move-plan.ts';
import { toItems } from './queue-items.ts';
import { CARD_ID, ScriptCard } from './script-card.tsx';
import { rowId, ScriptRow } from './script-row.tsx';

/** Heights of a row and of a group's heading, in CSS pixels; the same as in the style sheet. */
const ROW_PX = 44;
const HEADING_PX = 26;
/** How long the pointer rests on a row before its card is shown. */
const HOVER_MS = 350;

export interface ScriptListboxProps {
  /** The scripts that match the filter. */
  readonly shown: readonly ScriptSummary[];
  /** All scripts: moves are planned against all of them. */
  readonly all: readonly ScriptSummary[];
  readonly state: CatalogState;
  readonly canEdit: boolean;
  badgesOf(id: number): readonly RowBadge[];
  /** Opens a script and leaves the focus in the list. */
  onShow(id: number): void;
  /** Opens a script and focuses its text. */
  onOpen(id: number): void;
  onMove(moves: readonly Move[]): void;
}

const scriptIdOf = (target: EventTarget | null): number | null => {
  const row = (target as Element | null)?.closest<HTMLElement>('[data-ved-script-id]');
  return row ? Number(row.dataset.vedScriptId) : null;
};

/** The index of the badge whose action was clicked; null when none was. */
const badgeIn = (target: EventTarget | null): number | null => {
  const action = (target as Element | null)?.closest<HTMLElement>('[data-ved-badge]');
  return action ? Number(action.dataset.vedBadge) : null;
};

export function ScriptListbox(props: ScriptListboxProps): JSX.Element {
  const { shown, all, state, canEdit } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [card, setCard] = useState<{ id: number; anchor: DOMRect } | null>(null);
  const hover = useRef<ReturnType<typeof setTimeout>>(undefined);
  const drag = useDrag();

  const items = useMemo(() => toItems(shown), [shown]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]!.kind === 'group' ? HEADING_PX : ROW_PX),
    getItemKey: (index) => {
      const item = items[index]!;
      return item.kind === 'group' ? `group ${item.group}` : item.script.id;
    },
    overscan: 8,
  });

  const { selectedId } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not a reloaded list
  useEffect(() => {
    const index = items.findIndex((item) => item.kind === 'script' && item.script.id === selectedId);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [selectedId]);
  useEffect(() => () => clearTimeout(hover.current), []);

  const showCard = (id: number | null) => {
    clearTimeout(hover.current);
    const row = id === null ? null : document.getElementById(rowId(id));
    setCard(row && id !== null ? { id, anchor: row.getBoundingClientRect() } : null);
  };
  const showCardSoon = (id: number | null) => {
    clearTimeout(hover.current);
    if (id === null || drag.draggedId !== null) setCard(null);
    else hover.current = setTimeout(() => showCard(id), HOVER_MS);
  };

  const moveSelection = (step: number) => {
    const at = shown.findIndex((script) => script.id === state.selectedId);
    const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + step))];
    if (next) state.select(next.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -shown.length, End: shown.length };
    const step = steps[event.key];
    if (step !== undefined) {
      setCard(null);
      moveSelection(step);
    } else if (event.key === 'Enter' && state.selectedId !== null) props.onOpen(state.selectedId);
    else if (event.key === ' ' && state.selectedId !== null) {
      if (card?.id === state.selectedId) setCard(null);
      else showCard(state.selectedId);
    } else if (event.key === 'Escape' && card) setCard(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onDragOver = (event: DragEvent) => {
    if (drag.draggedId === null) return;
    const overId = scriptIdOf(event.target);
    let target: DropTarget | null = null;
    if (overId !== null) {
      const box = (event.target as Element).closest('[data-ved-script-id]')!.getBoundingClientRect();
      target = targetOver(all, drag.draggedId, overId, event.clientY < box.top + box.height / 2 ? 'upper' : 'lower');
    } else if ((event.target as Element).closest('.ved-Catalog-newGroup')) target = targetNewGroup(all, drag.draggedId);
    if (target?.moves) event.preventDefault();
    drag.over(target);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    if (drag.target?.moves?.length) props.onMove(drag.target.moves);
    drag.end();
  };

  const { target } = drag;
  const cardScript = card && shown.find((script) => script.id === card.id);
  return (
    <>
      <div
        ref={scroller}
        className="ved-Catalog-list"
        role="listbox"
        tabIndex={0}
        aria-label="Scripts"
        aria-activedescendant={state.selectedId === null ? undefined : rowId(state.selectedId)}
        aria-describedby={card ? CARD_ID : undefined}
        data-ved-shows-selected={state.selectedId !== null && state.selectedId === state.currentId ? '' : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => state.selectedId === null && moveSelection(0)}
        onBlur={() => showCardSoon(null)}
        onClick={(event) => {
          const id = scriptIdOf(event.target);
          if (id === null) return;
          state.select(id);
          showCardSoon(null);
          // The clicked row may be scrolled away, and its element with it.
          scroller.current?.focus({ preventScroll: true });
          const action = badgeIn(event.target);
          if (action === null) props.onShow(id);
          else props.badgesOf(id)[action]?.action?.execute();
        }}
        onDoubleClick={(event) => {
          const id = scriptIdOf(event.target);
          if (id !== null && badgeIn(event.target) === null) props.onOpen(id);
        }}
        onContextMenu={(event) => {
          showCardSoon(null);
          state.select(scriptIdOf(event.target) ?? state.selectedId);
        }}
        onMouseOver={(event) => showCardSoon(scriptIdOf(event.target))}
        onMouseLeave={() => showCardSoon(null)}
        onScroll={() => setCard(null)}
        onDragStart={(event) => {
          const id = scriptIdOf(event.target);
          if (id === null) return;
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', String(id));
          setCard(null);
          drag.start(id);
        }}
        onDragOver={onDragOver}
        onDrop={onDrop}
        onDragEnd={drag.end}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((at) => {
            const item = items[at.index]!;
            const marked = item.kind === 'script' && target?.mark?.id === item.script.id ? target : null;
            return (
              <div key={at.key} role="presentation" className="ved-Catalog-item" style={{ top: at.start, height: at.size }}>
                {item.kind === 'group' ? (
                  <div className="ved-Catalog-group" aria-hidden="true">
                    <span className="ved-Catalog-groupNumber">{item.group}</span>
                    {item.count > 1 && <span title={`${item.count} scripts that run in parallel`}>∥ {item.count}</span>}
                  </div>
                ) : (
                  <ScriptRow
                    script={item.script}
                    selected={item.script.id === state.selectedId}
                    open={item.script.id === state.currentId}
                    dirty={state.open.get(item.script.id)?.dirty ?? false}
                    position={item.position}
                    total={shown.length}
                    draggable={canEdit}
                    badges={props.badgesOf(item.script.id)}
                  />
                )}
                {marked && (
                  <div className={`ved-Catalog-dropMark ved-mod-${marked.mark!.side}`}>
                    <span>{marked.label}</span>
                  </div>
                )}
              </div>
            );
          })}
        </div>
        {drag.draggedId !== null && (
          <div className={`ved-Catalog-newGroup${target && !target.mark ? ' ved-mod-over' : ''}`}>
            {target && !target.mark ? target.label : 'New group'}
          </div>
        )}
      </div>
      {cardScript && <ScriptCard script={cardScript} anchor={card.anchor} />}
    </>
  );
}
