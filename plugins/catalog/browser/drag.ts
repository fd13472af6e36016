/** Dragging rows: where a script would be dropped, and the number it would get. */
import type { ScriptSummary } from '@ved/catalog/contract';
import { useState } from 'react';
import { formatNumber, groupOf, type Move, type Numbered, planMove, type QueuePosition, toHundredths } from './move-plan.ts';

export interface DropTarget {
  readonly position: QueuePosition;
  readonly moves: readonly Move[] | null;
  /** The row next to which the drop mark is drawn, and on which side; null over the new group area. */
  readonly mark: { readonly id: number; readonly side: 'before' | 'after' } | null;
  /** Shown while dragging: the new number, and how many other scripts are renumbered. */
  readonly label: string;
}

/** The scripts as `planMove` takes them. */
export function numbered(scripts: readonly ScriptSummary[]): Numbered[] {
  return scripts.map((script) => ({ id: script.id, ordering: toHundredths(script.ordering_number) }));
}

function describe(id: number, moves: readonly Move[] | null, position: QueuePosition): string {
  if (moves === null) return `group ${position.group} is full`;
  const own = moves.find((move) => move.id === id);
  if (!own) return 'no change';
  const others = moves.length - 1;
  return others === 0 ? formatNumber(own.ordering) : `${formatNumber(own.ordering)}, ${others} more renumbered`;
}

/** The drop target for a script dragged over the upper or lower half of a row. */
export function targetOver(
  scripts: readonly ScriptSummary[],
  draggedId: number,
  overId: number,
  half: 'upper' | 'lower',
): DropTarget | null {
  const queue = numbered(scripts);
  const over = queue.find((script) => script.id === overId);
  if (!over) return null;
  const group = groupOf(over.ordering);
  const rest = queue.filter((script) => script.id !== draggedId && groupOf(script.ordering) === group);
  const following = rest.find((script) => script.ordering > over.ordering);
  const beforeId = half === 'upper' ? (overId === draggedId ? (following?.id ?? null) : overId) : (following?.id ?? null);
  const position = { group, beforeId };
  const moves = planMove(queue, draggedId, position);
  return {
    position,
    moves,
    mark: { id: overId, side: half === 'upper' ? 'before' : 'after' },
    label: describe(draggedId, moves, position),
  };
}

/** The drop target that creates a new group after the last one. */
export function targetNewGroup(scripts: readonly ScriptSummary[], draggedId: number): DropTarget {
  const queue = numbered(scripts);
  const last = Math.max(0, ...queue.map((script) => groupOf(script.ordering)));
  const position = { group: last + 1, beforeId: null };
  const moves = planMove(queue, draggedId, position);
  return { position, moves, mark: null, label: `new group ${position.group}: ${describe(draggedId, moves, position)}` };
}

export interface Drag {
  readonly draggedId: number | null;
  readonly target: DropTarget | null;
  start(id: number): void;
  over(target: DropTarget | null): void;
  end(): void;
}

export function useDrag(): Drag {
  const [draggedId, start] = useState<number | null>(null);
  const [target, over] = useState<DropTarget | null>(null);
  return {
    draggedId,
    target,
    start,
    over,
    end: () => {
      start(null);
      over(null);
    },
  };
}
