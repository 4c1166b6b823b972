// The way to the API as pages on self-hosted runners have it: an own certificate authority, and a proxy that wants a name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { expectFailure } from './endings.ts';
import { onStage, type Stage } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'network-'));
const authority = join(folder, 'authority.pem');
let identity: { readonly key: string; readonly cert: string };

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  identity = { key, cert };
  writeFileSync(authority, cert);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listening<T>(server: Server, test: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  try {
    return await test((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A stage whose API is behind TLS, with a certificate that no machine knows. */
const behindTls = (test: (stage: Stage, apiUrl: string) => Promise<void>): Promise<void> =>
  onStage(async (stage) => {
    const { origin } = stage.emulator;
    const server = createTlsServer(identity, (incoming, outgoing) => {
      const { method, headers, url = '' } = incoming;
      const onward = forward(`${origin}${url}`, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await listening(server, (port) => test(stage, `https://localhost:${port}/internal/api/v2`));
  });

describe('a certificate of an own authority', () => {
  test('is trusted where NODE_EXTRA_CA_CERTS names the authority', () =>
    behindTls(async ({ run }, apiUrl) => {
      const ended = await run({ 'api-url': apiUrl }, { env: { NODE_EXTRA_CA_CERTS: authority } });
      expect(ended.outputs).toMatchObject({ status: 'applied' });
    }));

  test('is not trusted otherwise, and gets neither the key nor a second attempt', () =>
    behindTls(async ({ run, emulator }, apiUrl) => {
      const ended = await run({ 'api-url': apiUrl });
      const words = expectFailure(ended, 'network', 'failed');
      expect(ended.summary).toContain('1 request, 0 retries');
      expect(words).toContain('the TLS connection could not be trusted');
      expect(words).toContain('set `NODE_EXTRA_CA_CERTS` on the runner');
      expect(emulator.requests).toEqual([]);
    }));
});

test.each(['https_proxy', 'HTTPS_PROXY'])(
  'the proxy that %s names gets its name and password, and no key',
  (variable) =>
    behindTls(async ({ run }, apiUrl) => {
      const asked: unknown[] = [];
      const proxy = createServer((_request, response) => response.writeHead(405).end());
      proxy.on('connect', ({ url = '', headers }, client) => {
        asked.push([url, headers]);
        const upstream = connect(Number(url.split(':')[1]), 'localhost', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on('error', () => client.destroy());
        client.on('error', () => upstream.destroy());
      });
      await listening(proxy, async (port) => {
        const env = { [variable]: `http://name:pass-word@localhost:${port}`, NODE_EXTRA_CA_CERTS: authority };
        const ended = await run({ 'api-url': apiUrl }, { env });
        expect(ended.outputs).toMatchObject({ status: 'applied' });
        expect(ended.stdout + ended.summary).not.toContain('pass-word');
      });
      const credentials = `Basic ${Buffer.from('name:pass-word').toString('base64')}`;
      for (const each of asked) {
        expect(each).toEqual([
          new URL(apiUrl).host,
          expect.objectContaining({ 'proxy-authorization': credentials }),
        ]);
        expect(each).not.toEqual([
          expect.anything(),
          expect.objectContaining({ authorization: expect.anything() }),
        ]);
      }
      expect(asked.length).toBeGreaterThan(0);
    }),
);
