/** The context of a request, as the core's router hands it to a mounted prefix. */
import type { Router } from '@ved/core/server';

export type Context = Parameters<Parameters<Router['mount']>[2]>[0];
