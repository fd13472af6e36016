/** The assistant in the workspace: the panel, the log, and today's cost. */
import './style/assistant.css';
import './style/log.css';
import type { VedPlugin } from '@ved/core/browser';
import { availabilityPlugin } from './availability-plugin.ts';
import { logPlugin } from './log-plugin.ts';
import { panelPlugin } from './panel-plugin.ts';

export const llmPlugins: VedPlugin[] = [availabilityPlugin, panelPlugin, logPlugin];
