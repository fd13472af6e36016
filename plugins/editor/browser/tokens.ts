/** Internal tokens, shared by the parts of this plugin. */
import { Token } from '@lumino/coreutils';
import type { ProblemList as ProblemListClass } from './problems/problem-list.ts';
import type { ScriptTabs as ScriptTabsClass } from './tabs/script-tabs.ts';
import type { PageIdentity as PageIdentityInterface } from './unsaved/page-identity.ts';

export type ScriptTabs = ScriptTabsClass;
export const ScriptTabs = new Token<ScriptTabs>('@ved/editor:ScriptTabs', 'The tabs with their documents.');

export type ProblemList = ProblemListClass;
export const ProblemList = new Token<ProblemList>('@ved/editor:ProblemList', 'The problems of the open scripts.');

export type PageIdentity = PageIdentityInterface;
export const PageIdentity = new Token<PageIdentity>('@ved/editor:PageIdentity', 'Identifies this page among those of a person.');
