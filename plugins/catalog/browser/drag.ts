/** Dragging rows: where the pointer would put a script, and with which number. */
import type { ScriptSummary } from '@ved/catalog/contract';
import { useState } from 'react';
import { formatNumber, groupOf, type Move, type Numbered, type Place, planMove, toHundredths } from './move-plan.ts';

export interface DropTarget {
  readonly place: Place;
  readonly moves: readonly Move[] | null;
  /** The row beside which the mark is drawn, and on which side; null for the zone of a new group. */
  readonly mark: { readonly id: number; readonly side: 'before' | 'after' } | null;
  /** What is shown before it is dropped: the new number, and how many others change theirs. */
  readonly label: string;
}

/** The scripts as the plan wants them. */
export function numbered(scripts: readonly ScriptSummary[]): Numbered[] {
  return scripts.map((script) => ({ id: script.id, ordering: toHundredths(script.ordering_number) }));
}

function describe(id: number, moves: readonly Move[] | null, place: Place): string {
  if (moves === null) return `group ${place.group} is full`;
  const own = moves.find((move) => move.id === id);
  if (!own) return 'stays where it is';
  const others = moves.length - 1;
  return others === 0 ? formatNumber(own.ordering) : `${formatNumber(own.ordering)}, ${others} more renumbered`;
}

/** The target of a script dragged over a row's upper or lower half. */
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
  const place = { group, beforeId };
  const moves = planMove(queue, draggedId, place);
  return { place, moves, mark: { id: overId, side: half === 'upper' ? 'before' : 'after' }, label: describe(draggedId, moves, place) };
}

/** The target that makes a group of its own after the last. */
export function targetNewGroup(scripts: readonly ScriptSummary[], draggedId: number): DropTarget {
  const queue = numbered(scripts);
  const last = Math.max(0, ...queue.map((script) => groupOf(script.ordering)));
  const place = { group: last + 1, beforeId: null };
  const moves = planMove(queue, draggedId, place);
  return { place, moves, mark: null, label: `new group ${place.group}: ${describe(draggedId, moves, place)}` };
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
