/** Node's `os`: a Linux machine with one core, so that Pyright starts no threads. */
export const EOL = '\n';
export const constants = { errno: {}, signals: {} };
export const platform = () => 'linux';
export const type = () => 'Linux';
export const release = () => '1';
export const arch = () => 'x64';
export const hostname = () => 'browser';
export const tmpdir = () => '/tmp';
export const homedir = () => '/home';
export const cpus = () => [{}];
export const totalmem = () => 4e9;
export const freemem = () => 2e9;
export default { EOL, constants, platform, type, release, arch, hostname, tmpdir, homedir, cpus, totalmem, freemem };
