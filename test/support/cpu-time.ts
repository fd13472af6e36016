/** Processor time of this process, the servers that it has started in itself included: what a limit on work is about, however busy the machine is. */

export async function cpuMsOf(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
