/** Every row of the bench. */
import { catalogRows } from './catalog-rows.ts';
import { editorRows } from './editor-rows.ts';
import { llmRows } from './llm-rows.ts';
import { outputRows } from './output-rows.ts';
import { pageRows } from './page-rows.ts';
import type { Row } from './row.ts';
import { runRows } from './run-rows.ts';
import { serverRows } from './server-rows.ts';

export const rows: readonly Row[] = [...runRows, ...catalogRows, ...llmRows, ...serverRows, ...pageRows, ...editorRows, ...outputRows];
