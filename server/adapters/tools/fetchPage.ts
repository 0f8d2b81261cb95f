import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { revealed } from '../../protocol/reveal.ts';
import { publicReach } from './web/addresses.ts';
import { type PageAddress, readAddress } from './web/pageAddress.ts';
import { isBinary, isHtml, textOf } from './web/pageText.ts';
import type { Answered, Reach } from './web/transfer.ts';

const Input = z.strictObject({ url: z.string() });

/** How often a page may point to another address of its own host. */
const mostTurns = 5;

/** What the whole of one page may take, in ms. */
const patience = 30_000;

/** Fetches a page of the public web as text; HTML becomes Markdown. What connects is loaded with the first use. */
export const fetchPage = (reach = publicReach): Tool<z.infer<typeof Input>> => ({
  name: 'fetch_page',
  description: 'Fetches a public web page as text.',
  input: Input,
  needs: [{ permission: 'network', reason: 'To fetch the page whose address you see and approve.' }],
  repeatable: true,
  async plan({ url }, { redactor }) {
    const page = readAddress(url);
    if (!page.ok) return page;
    if (redactor.known(page.value.url.href) !== page.value.url.href) return bad(leaks(page.value));
    const { host, reads } = page.value;
    const { href } = page.value.url;
    const other = reads === null ? '' : `\nThe host reads as ${revealed(reads)}, which is ${host}.`;
    return good({
      title: `Fetch a page from ${host}`,
      effects: [{ kind: 'network', host }],
      exactly: href,
      preview: { kind: 'text', text: `${href}${other}` },
    });
  },
  async run({ url }, plan, context) {
    const page = readAddress(url);
    if (!page.ok) return page;
    if (page.value.url.href !== plan.exactly)
      return bad(failures.conflict('It is another address.', 'Ask anew.'));
    if (context.signal.aborted) return bad(stopped);
    const fetched = await follow(page.value, reach, context);
    if (!fetched.ok) return context.signal.aborted ? bad(stopped) : fetched;
    return written(fetched.value.page, fetched.value.answered);
  },
});

interface Fetched {
  readonly page: PageAddress;
  readonly answered: Answered;
}

/** Asks, and follows where the page points to, as long as it is the host that was approved. */
async function follow(page: PageAddress, reach: Reach, context: ToolContext): Promise<Outcome<Fetched>> {
  const { ask } = await import('./web/transfer.ts');
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)]);
  let at = page;
  for (let turn = 0; turn <= mostTurns; turn++) {
    const answered = await ask(at, reach, signal);
    if (!answered.ok) return answered;
    if (answered.value.location === null) return good({ page: at, answered: answered.value });
    const next = URL.canParse(answered.value.location, at.url.href)
      ? readAddress(new URL(answered.value.location, at.url).href)
      : bad(failures.tool(`${at.host} points to an address that cannot be read.`, 'Try another.'));
    if (!next.ok) return next;
    if (next.value.host !== page.host) return bad(elsewhere(at, next.value));
    if (at.url.protocol === 'https:' && next.value.url.protocol === 'http:')
      return bad(elsewhere(at, next.value));
    at = next.value;
  }
  return bad(failures.tool(`${page.host} points from one address to the next without end.`, 'Try another.'));
}

async function written({ url, host }: PageAddress, answered: Answered) {
  const { isReadable } = await import('./web/transfer.ts');
  const { status, type, body, cut } = answered;
  if (status < 200 || status > 299) {
    const what = `${host} answered with status ${status}.`;
    return bad(failures.tool(what, 'Look whether the address is right, or try another.'));
  }
  if (!isReadable(type) || (type === '' && isBinary(body))) return bad(noText(host, type || 'bytes'));
  const text = textOf(answered);
  const read = isHtml(answered) ? (await import('./web/markdown.ts')).readHtml(text, url.href) : null;
  const head = `${url.href}${read?.title ? `\n${read.title}` : ''}`;
  const note = cut ? '\n\n[… the page is longer and was cut here …]' : '';
  return good({ output: `${head}\n\n${read?.markdown ?? text}${note}` });
}

function leaks({ host }: PageAddress): Failure {
  return failures.denied(
    `The address at ${host} holds a secret that the butler keeps.`,
    'Give an address without it; keys are sent to nobody but their own service.',
  );
}

const stopped = failures.cancelled('The page was not fetched.');

function elsewhere(from: PageAddress, to: PageAddress): Failure {
  return failures.tool(
    `${from.host} points to ${to.url.href}, which is another host or a way that is not encrypted.`,
    'Fetch that address instead where it is wanted; the person is asked for it.',
  );
}

function noText(host: string, type: string): Failure {
  const what = `What ${host} sent is no text but "${type.slice(0, 100)}".`;
  return failures.tool(what, 'Fetch a page, Markdown, JSON or XML.');
}
