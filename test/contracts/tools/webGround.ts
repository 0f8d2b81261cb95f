import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fetchPage } from '../../../server/adapters/tools/fetchPage.ts';
import type { Reach } from '../../../server/adapters/tools/web/transfer.ts';
import { listen } from '../../support/loopback.ts';
import { makeGround, value } from './ground.ts';

/** A server on the loopback that stands for hosts of the public web, and a tool that may reach it. */
export async function web(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  };
  const { port, close } = await listen(listener);
  const resolved: string[] = [];
  const reach: Reach = {
    allows: () => true,
    resolve: async (name) => {
      resolved.push(name);
      return [{ address: '127.0.0.1', family: 4 }];
    },
  };
  const ground = await makeGround();
  return {
    asked,
    resolved,
    reach,
    port,
    ground,
    tool: fetchPage(reach),
    at: (path = '/', host = 'page.example.com') => ({ url: `http://${host}:${port}${path}` }),
    [Symbol.asyncDispose]: async () => {
      await close();
      await ground[Symbol.asyncDispose]();
    },
  };
}

/** Answers with a page. */
export const page =
  (body: string | Uint8Array, type = 'text/html', headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': type, ...headers }).end(body);

/** Plans and runs a call. */
export async function run(place: Awaited<ReturnType<typeof web>>, input: { url: string }, change = {}) {
  const context = place.ground.context(change);
  const plan = value(await place.tool.plan(input, context));
  return place.tool.run(input, plan, context);
}
