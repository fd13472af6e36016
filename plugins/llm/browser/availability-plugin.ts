/** Asks the server once whether the assistant is available, for the panel and the status bar. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Token } from '@lumino/coreutils';
import { LiveEvents, type VedPlugin } from '@ved/core/browser';
import { Availability } from './chat/availability.ts';

export const AvailabilityToken = new Token<Availability>('@ved/llm:Availability', 'Whether the assistant is available.');

export const availabilityPlugin: VedPlugin<Availability> = {
  id: '@ved/llm:availability',
  description: 'Whether the assistant is available, and what it cost today.',
  autoStart: true,
  requires: [LiveEvents],
  provides: AvailabilityToken,
  activate: (_app: JupyterFrontEnd, events: LiveEvents) => {
    const availability = new Availability(events);
    void availability.refresh();
    return availability;
  },
};
