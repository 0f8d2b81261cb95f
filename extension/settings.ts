import { type LogOutputChannel, workspace } from 'vscode';
import { ClientOptions } from '../server/protocol/editor.ts';

/** The settings whose change takes effect when the worker starts again. */
export const workerSettings = [
  'butler.defaultAbility',
  'butler.storeFolder',
  'butler.anthropic.baseUrl',
  'butler.mode',
] as const;

/** What the worker is told when it starts; a value that does not fit is reported and its default taken. */
export function readClientOptions(log: LogOutputChannel): ClientOptions {
  const fields = {
    mode: own('mode'),
    anthropicBaseUrl: own('anthropic.baseUrl') || undefined,
    storeFolder: own('storeFolder') || undefined,
    codeActionAbility: defaultAbility(),
  };
  const fitting = Object.entries(fields).filter(([name, value]) => {
    if (value === undefined) return false;
    const parsed = ClientOptions.safeParse({ [name]: value });
    if (!parsed.success) log.warn(`The setting for "${name}" does not fit and is left out.`);
    return parsed.success;
  });
  return ClientOptions.parse({
    trusted: workspace.isTrusted,
    approvals: true,
    secrets: true,
    languageModels: true,
    insight: true,
    surface: 'vscode',
    ...Object.fromEntries(fitting),
  });
}

/** How much a job asks whose person chose nothing else for it. */
export function surfaceMode(): ClientOptions['mode'] {
  return own('mode') === 'assisted' ? 'assisted' : 'ask';
}

/** The Ability that a job takes when a person chose none. */
export function defaultAbility(): string {
  return workspace.getConfiguration('butler').get<string>('defaultAbility') || 'butler';
}

/** A value that only the person's own settings may give, whatever a workspace says (SECURITY S3). */
function own(name: string): string | undefined {
  const found = workspace.getConfiguration('butler').inspect<string>(name);
  return found?.globalValue ?? found?.defaultValue;
}
