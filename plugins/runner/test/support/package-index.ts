/** A package index (PEP 503) on loopback that records its requests. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Wheel } from './wheel.ts';

export interface PackageIndex {
  /** Includes a name and a password, which it requires. */
  readonly url: string;
  /** The requested paths, in order. */
  readonly asked: string[];
  add(...wheels: readonly Wheel[]): void;
  /** Adds a wheel of which only the beginning is ever sent. */
  addEndless(wheel: Wheel): void;
  close(): Promise<void>;
}

const PASSWORD = `Basic ${Buffer.from('reader:index-secret').toString('base64')}`;

export async function startPackageIndex(): Promise<PackageIndex> {
  const wheels: Wheel[] = [];
  const endless = new Set<Wheel>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    if (request.headers.authorization !== PASSWORD) return response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
    const file = wheels.find(({ fileName }) => path === `/files/${fileName}`);
    if (file && endless.has(file)) return response.writeHead(200, { 'Content-Length': file.bytes.length }).write(file.bytes.slice(0, 10));
    if (file) return response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(file.bytes);
    const offered = wheels.filter(({ name }) => path === `/simple/${name}/`);
    if (offered.length === 0) return response.writeHead(404).end();
    const links = offered.map(({ fileName, sha256 }) => `<a href="/files/${fileName}#sha256=${sha256}">${fileName}</a>`);
    return response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!DOCTYPE html><html><body>${links.join('')}</body></html>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://reader:index-secret@127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    asked,
    add: (...more) => void wheels.push(...more),
    addEndless: (wheel) => {
      wheels.push(wheel);
      endless.add(wheel);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
