/** The configuration that Docker reports for a container of the engine: every restriction, and no access. */
import { expect } from 'chai';
import { dockerClient } from './support/derived-image.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';

describe('a container that waits for a script', () => {
  it('has every restriction, and no access to the machine', async function () {
    await requireDocker(this);
    const owner = `locks-${process.pid}`;
    const engine = newDockerEngine({ owner, poolSize: 1, size: { memoryBytes: 268_435_456, cpus: 0.5 } });
    try {
      await engine.probe();
      const docker = dockerClient();
      const [waiting] = await docker.listContainers({ filters: { label: [`ved.owner=${owner}`] } });
      const { HostConfig, Config, Mounts, NetworkSettings } = await docker.getContainer(waiting!.Id).inspect();
      expect({
        NetworkMode: HostConfig.NetworkMode,
        networks: Object.keys(NetworkSettings.Networks),
        Memory: HostConfig.Memory,
        MemorySwap: HostConfig.MemorySwap,
        NanoCpus: HostConfig.NanoCpus,
        PidsLimit: HostConfig.PidsLimit,
        ReadonlyRootfs: HostConfig.ReadonlyRootfs,
        CapDrop: HostConfig.CapDrop,
        SecurityOpt: HostConfig.SecurityOpt,
        IpcMode: HostConfig.IpcMode,
        LogConfig: HostConfig.LogConfig,
        Tmpfs: HostConfig.Tmpfs,
        Ulimits: HostConfig.Ulimits,
        AutoRemove: HostConfig.AutoRemove,
        User: Config.User,
        Tty: Config.Tty,
        Env: Config.Env?.filter((each) => !/^(PATH|PYTHON\w*|GPG_KEY)=/.test(each)).sort(),
        labels: Object.keys(Config.Labels).filter((each) => each.startsWith('ved.')),
        owner: Config.Labels['ved.owner'],
      }).to.deep.equal({
        NetworkMode: 'none',
        // Not even the network named none.
        networks: [],
        Memory: 268_435_456,
        MemorySwap: 268_435_456,
        NanoCpus: 500_000_000,
        PidsLimit: 64,
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        IpcMode: 'none',
        LogConfig: { Type: 'none', Config: {} },
        Tmpfs: {
          '/tmp': 'rw,noexec,nosuid,nodev,size=67108864,nr_inodes=16384,mode=1777',
          '/runner': 'rw,noexec,nosuid,nodev,size=20971520,nr_inodes=16,mode=0700,uid=65534,gid=65534',
          '/dev/shm': 'rw,noexec,nosuid,nodev,size=33554432,nr_inodes=1024,mode=1777',
        },
        Ulimits: [
          { Name: 'nofile', Soft: 256, Hard: 256 },
          { Name: 'msgqueue', Soft: 0, Hard: 0 },
          { Name: 'core', Soft: 0, Hard: 0 },
          { Name: 'fsize', Soft: 67_108_864, Hard: 67_108_864 },
        ],
        AutoRemove: true,
        User: '65534:65534',
        Tty: false,
        Env: ['HOME=/tmp', 'LANG=C.UTF-8'],
        labels: ['ved.life', 'ved.owner'],
        owner,
      });
      // Settings that would lift restrictions; Docker leaves some empty and others null.
      const { Binds, Mounts: mounts, VolumesFrom, Devices, DeviceRequests, CapAdd, GroupAdd, PortBindings, Links } = HostConfig;
      const ways = { Mounts, Binds, mounts, VolumesFrom, Devices, DeviceRequests, CapAdd, GroupAdd, PortBindings, Links };
      expect(Object.entries(ways).filter(([, way]) => Object.keys(way ?? {}).length > 0)).to.deep.equal([]);
      const { Privileged, PidMode, UsernsMode, UTSMode, OomKillDisable, PublishAllPorts } = HostConfig;
      const others = { Privileged, PidMode, UsernsMode, UTSMode, OomKillDisable, PublishAllPorts };
      expect(Object.entries(others).filter(([, value]) => Boolean(value))).to.deep.equal([]);
    } finally {
      await engine.close();
    }
  });
});
