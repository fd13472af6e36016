/** CPU time of this process, including the servers that it runs in-process: measures work independently of the machine's load. */

export async function cpuMsOf(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
