import { l10n } from 'vscode';
import { bad, fromIssues, good } from '../server/protocol/failure.ts';
import { McpName, McpServer, saveMcp, setMcpSecret } from '../server/protocol/mcp.ts';
import { askOnce, askStep } from './askStep.ts';
import { language } from './language.ts';
import { secretsOf, wordsOf } from './mcpMenu.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Translate } from './translate.ts';
import { type Answers, runWizard, type Step } from './wizard.ts';
import type { Worker } from './worker.ts';

/** Asks for a new MCP server and for its secrets; answers its name once it is kept. */
export async function addMcp(worker: Worker, given: Answers = {}): Promise<string | undefined> {
  const answers = await runWizard(
    (known) => mcpSteps(known, language),
    askStep(l10n.t('Add MCP Server')),
    given,
  );
  const server = answers && valueOrTell(serverOf(answers));
  const saved = server && valueOrTell(await worker.send(saveMcp, { server }));
  if (!server || !saved) return undefined;
  for (const name of secretsOf(server.transport)) {
    await askMcpSecret(worker, { server: server.name, workspace: undefined, name });
  }
  return server.name;
}

/** Asks for the value of a secret; what is left empty stays as it is. */
export async function askMcpSecret(
  worker: Worker,
  { server, workspace, name }: { server: string; workspace: string | undefined; name: string },
): Promise<void> {
  const question = l10n.t('The value of {0} for {1}', name, plainText(server, 80));
  const step: Step = { kind: 'text', key: 'value', question, secret: true, wrong: () => null };
  const value = await askOnce(l10n.t('MCP Servers'), step);
  if (!value) return;
  const place = workspace === undefined ? {} : { workspace };
  valueOrTell(await worker.send(setMcpSecret, { server, name, value, ...place }));
}

/** The questions for a new server. */
export function mcpSteps({ kind }: Answers, t: Translate): Step[] {
  const need = (text: string) => (text.trim() === '' ? t('Something is needed here.') : null);
  const text = (
    key: string,
    question: string,
    hint: string,
    wrong: (text: string) => string | null,
  ): Step => ({
    kind: 'text',
    key,
    question,
    hint,
    wrong,
  });
  const isName = (name: string) =>
    McpName.safeParse(name).success ? null : t('Up to 32 letters, digits, - and _.');
  const program = [
    text('command', t('The program and its arguments, as you would type them'), 'npx -y some-server', need),
    text(
      'secrets',
      t('The variables that hold a secret of it, if any; their values are asked for next'),
      'API_TOKEN',
      () => null,
    ),
  ];
  const isUrl = (url: string) => (URL.canParse(url) ? null : t('This is no address.'));
  const address = [
    text('url', t('Its address'), 'https://example.com/mcp', isUrl),
    text(
      'secrets',
      t('The headers that hold a secret of it, if any; their values are asked for next'),
      'Authorization',
      () => null,
    ),
  ];
  return [
    text('name', t('A name for it, of your own'), 'files', isName),
    {
      kind: 'pick',
      key: 'kind',
      question: t('How is it reached?'),
      choices: [
        { label: `$(terminal) ${t('A program on this machine')}`, value: 'stdio' },
        { label: `$(globe) ${t('An address')}`, value: 'http' },
      ],
    },
    ...(kind === 'http' ? address : program),
  ];
}

/** The server that some answers say. */
export function serverOf({ name, kind, command = '', url, secrets = '' }: Answers) {
  const [program = '', ...args] = wordsOf(command);
  const named = secrets.split(/[\s,]+/).filter(Boolean);
  const held = Object.fromEntries(
    named.map((one) => [one, ['$', `{secret:${one.replaceAll(/[^A-Za-z0-9_-]/g, '_')}}`].join('')]),
  );
  const transport =
    kind === 'http' ? { kind, url, headers: held } : { kind: 'stdio', command: program, args, env: held };
  const parsed = McpServer.safeParse({ name, transport });
  return parsed.success ? good(parsed.data) : bad(fromIssues(parsed.error));
}
