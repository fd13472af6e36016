/** Finds and pulls images. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { CancelSignal, Progress } from '../../../contract/engine.ts';
import { statusOf } from './connection.ts';

/** An image that exists on the engine. */
export interface FoundImage {
  readonly id: string;
  /** Identifies it in the record of a run: its registry digest, or its id if it is not from a registry. */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Null if it does not exist. */
export async function findImage(docker: Docker, image: string): Promise<FoundImage | null> {
  try {
    const { RepoDigests, Id, Config } = await docker.getImage(image).inspect();
    return { id: Id, digest: RepoDigests?.[0]?.split('@')[1] ?? Id, labels: Config?.Labels ?? {} };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** One line of Docker's progress of a pull. */
interface PullEvent {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Fetches the image. Rejects with Docker's reason, or when `signal` fires. */
export async function pullImage(docker: Docker, image: string, report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
  const stream = (await docker.pull(image)) as Readable;
  const stop = (): void => void stream.destroy(new Error(`Fetching the image ${image} was stopped.`));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const layers = new Map<string, { current: number; total: number }>();
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      docker.modem.followProgress(
        stream,
        (error: Error | null) => (error ? reject(error) : resolve()),
        (event: PullEvent) => report(progressOf(image, layers, event)),
      );
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Counts downloads only: unpacking is quick by comparison. */
function progressOf(image: string, layers: Map<string, { current: number; total: number }>, event: PullEvent): Progress {
  const { id, status, progressDetail } = event;
  if (id && status === 'Downloading' && progressDetail?.total) {
    layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
  }
  const layer = id ? layers.get(id) : undefined;
  if (layer && status === 'Download complete') layer.current = layer.total;
  let current = 0;
  let total = 0;
  for (const each of layers.values()) {
    current += each.current;
    total += each.total;
  }
  return { text: `Fetching the image ${image}`, fraction: total > 0 ? current / total : null };
}
