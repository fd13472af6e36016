/** A child of the embedded engine that allocates argv[2] MiB outside WebAssembly, then ends normally. */
import { FRAME, readJob, writeFrame } from '../../../server/engines/pyodide/child-wire.mjs';

const MIB = 2 ** 20;
const never = new Int32Array(new SharedArrayBuffer(4));

writeFrame(FRAME.ready, Buffer.from('\n'));
readJob();
const taken = [];
for (let mib = 0; mib < Number(process.argv[2]); mib += 16) {
  taken.push(Buffer.alloc(16 * MIB, 1));
  Atomics.wait(never, 0, 0, 10);
}
writeFrame(
  FRAME.exit,
  Buffer.from(
    `${JSON.stringify({ exitCode: 0, reason: null, outOfMemory: false, peakMemoryBytes: taken.length * 16 * MIB, files: false })}\n`,
  ),
);
