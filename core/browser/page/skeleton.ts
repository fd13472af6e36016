/** A placeholder for the workspace while it loads. */
import { element } from './element.ts';

const bar = (className: string) => element('div', { className });

/** Shows the outlines in `host`. */
export function showSkeleton(host: HTMLElement): void {
  const side = element('div', { className: 'ved-Skeleton-side' }, ...Array.from({ length: 7 }, () => bar('ved-Skeleton-line')));
  host.replaceChildren(
    element(
      'div',
      { className: 'ved-Skeleton', role: 'status', 'aria-label': 'Loading the workspace' },
      element('div', { className: 'ved-Skeleton-top' }, element('span', { className: 'ved-Skeleton-name' }, 'ved')),
      side,
      bar('ved-Skeleton-main'),
      bar('ved-Skeleton-bottom'),
    ),
  );
}
