/** Time spent computing, not waiting for a busy machine: what a limit on synchronous work is about. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
