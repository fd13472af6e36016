/** The request context that core's router passes to the handler of a mounted prefix. */
import type { Router } from '@ved/core/server';

export type Context = Parameters<Parameters<Router['mount']>[2]>[0];
