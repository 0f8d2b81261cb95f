import { bad, type Failure, failures, fromIssues, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { ConnectedAccount, TargetAccount, TargetFinding } from '../protocol/target.ts';
import type { Clock } from './ports/clock.ts';
import type { Secrets } from './ports/secrets.ts';
import type { Draft, Store } from './ports/store.ts';
import type { Credential, Target } from './ports/target.ts';

/** What setting targets up needs from outside core. */
export interface TargetPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'get' | 'set' | 'remove'>;
  readonly targets: readonly Target[];
  readonly ownFolders: readonly string[];
  credential(account: string): Promise<Credential | null>;
  /** Absolute real paths of the workspace folders in hand. */
  workspaces(): readonly string[];
  /** Shows an address in the person's browser; rejects where there is none. */
  openInBrowser(url: string): Promise<void>;
}

/** A target with the config that an Ability gives it, as it came. */
export interface ChosenTarget {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The account that a target with this config needs, and whether a person connected it. */
export async function readAccount(
  ports: TargetPorts,
  chosen: ChosenTarget,
): Promise<Outcome<{ account: TargetAccount | null; connected: boolean }>> {
  const found = targetOf(ports, chosen);
  if (!found.ok) return found;
  const account = found.value.target.account?.(found.value.config) ?? null;
  const connected = account === null || (await ports.credential(account.id)) !== null;
  return good({ account, connected });
}

/** Keeps what a person entered for the account of a target; from then on the butler may ask that place. */
export async function connect(
  ports: TargetPorts,
  request: ChosenTarget & { readonly values: Credential },
  actor: string,
): Promise<Outcome<{ where: string }>> {
  const found = accountOf(ports, request);
  if (!found.ok) return found;
  const { account } = found.value;
  const fault = faultIn(account, request.values);
  if (fault) return bad(fault);
  return keep(ports, { account, target: request.type, values: request.values }, actor);
}

/** Signs in to the account of a target with the browser, and keeps what that gave; what is kept need not be entered again. */
export async function signIn(
  ports: TargetPorts,
  request: ChosenTarget & { readonly values: Credential },
  actor: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<{ where: string }>> {
  const found = accountOf(ports, request);
  if (!found.ok) return found;
  const { target, config, account } = found.value;
  if (!target.signIn) {
    return bad(
      failures.invalid('type', `"${target.title}" has no sign-in.`, 'Enter its credentials instead.'),
    );
  }
  const entered = Object.entries(request.values).filter(([, value]) => value.trim() !== '');
  const values = { ...(await ports.credential(account.id)), ...Object.fromEntries(entered) };
  const fault = faultIn(account, values);
  if (fault) return bad(fault);
  const open = (url: string) => ports.openInBrowser(url);
  const got = await target.signIn(config, values, { signal, open });
  return got.ok ? keep(ports, { account, target: request.type, values: got.value }, actor) : got;
}

/** Forgets everything that is kept of an account. */
export async function disconnect(ports: TargetPorts, id: string, actor: string): Promise<Outcome<void>> {
  const known = ownAccount(await ports.store.kept('targetAccount'), id);
  if (!known) return bad(failures.notFound('account', id));
  for (const field of known.fields) await ports.secrets.remove(secretName(id, field));
  const gone: Draft = { stream: adminStream, type: 'target.disconnected', actor, data: { account: id } };
  const noted = await ports.store.append([gone]);
  return noted.ok ? good(undefined) : noted;
}

/** Tries whether a target can be published to, without writing there. */
export async function check(
  ports: TargetPorts,
  request: ChosenTarget & { readonly workspace?: string },
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<{ findings: TargetFinding[] }>> {
  const found = targetOf(ports, request);
  if (!found.ok) return found;
  const { target, config } = found.value;
  const workspace = request.workspace ?? ports.workspaces()[0] ?? '';
  if (workspace !== '' && !ports.workspaces().includes(workspace)) {
    return bad(
      failures.invalid('workspace', '"workspace": this folder is not open.', 'Name an open folder.'),
    );
  }
  const findings = await target.check?.(config, {
    workspace,
    execution: ports.clock.id(),
    signal,
    blobs: ports.store.blobs,
    now: () => ports.clock.now(),
    ownFolders: ports.ownFolders,
    credential: (account) => ports.credential(account),
    progress: () => {},
  });
  return good({ findings: [...(findings ?? [{ good: true, what: `${target.title} needs nothing.` }])] });
}

/** What is kept of an account; `null` where a person did not connect it, or it cannot be read whole. */
export async function credentialOf(
  ports: Pick<TargetPorts, 'store' | 'secrets'>,
  id: string,
): Promise<Credential | null> {
  const known = ownAccount(await ports.store.kept('targetAccount'), id);
  if (!known) return null;
  const values = await Promise.all(
    known.fields.map(async (field) => [field, await ports.secrets.get(secretName(id, field))] as const),
  );
  const all = values.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const]));
  return all.length === values.length ? { ...known.shown, ...Object.fromEntries(all) } : null;
}

/** The names under which what is kept of an account lies among the secrets. */
export function secretsOfAccount({ id, fields }: ConnectedAccount): string[] {
  return fields.map((field) => secretName(id, field));
}

function secretName(account: string, field: string): string {
  return `target.${account}.${field}`;
}

function targetOf(
  ports: Pick<TargetPorts, 'targets'>,
  { type, config }: ChosenTarget,
): Outcome<{ target: Target; config: unknown }> {
  const target = ports.targets.find(({ name }) => name === type);
  if (!target) {
    const mend = `Choose one of: ${ports.targets.map(({ name }) => name).join(', ')}.`;
    return bad(failures.invalid('type', `"type": there is no target "${type}".`, mend));
  }
  const parsed = target.config.safeParse(config);
  return parsed.success ? good({ target, config: parsed.data }) : bad(fromIssues(parsed.error, 'config'));
}

function accountOf(
  ports: TargetPorts,
  chosen: ChosenTarget,
): Outcome<{ target: Target; config: unknown; account: TargetAccount }> {
  const found = targetOf(ports, chosen);
  if (!found.ok) return found;
  const account = found.value.target.account?.(found.value.config);
  if (account) return good({ ...found.value, account });
  return bad(failures.invalid('type', `"${found.value.target.title}" needs no account.`, 'Use it as it is.'));
}

async function keep(
  ports: TargetPorts,
  { account, target, values }: { account: TargetAccount; target: string; values: Credential },
  actor: string,
): Promise<Outcome<{ where: string }>> {
  const filled = Object.entries(values).filter(([, value]) => value !== '');
  const isShown = ([name]: readonly [string, string]) =>
    account.fields.some((field) => field.name === name && field.shown === true);
  const given = filled.filter((one) => !isShown(one));
  const before = ownAccount(await ports.store.kept('targetAccount'), account.id);
  const gone = (before?.fields ?? []).filter((name) => !given.some(([field]) => field === name));
  for (const field of gone) await ports.secrets.remove(secretName(account.id, field));
  let where = 'No secret is kept';
  for (const [field, value] of given) {
    where = (await ports.secrets.set(secretName(account.id, field), value)).about;
  }
  const connected: ConnectedAccount = {
    id: account.id,
    target,
    title: account.title,
    fields: given.map(([field]) => field),
    ...(filled.some(isShown) ? { shown: Object.fromEntries(filled.filter(isShown)) } : {}),
  };
  const drafts: Draft[] = [
    { stream: adminStream, type: 'target.connected', actor, data: { account: connected } },
    ...given.map(([field]): Draft => {
      const data = { name: secretName(account.id, field), where };
      return { stream: adminStream, type: 'secret.changed', actor, data };
    }),
  ];
  const noted = await ports.store.append(drafts);
  return noted.ok ? good({ where }) : noted;
}

function faultIn(account: TargetAccount, values: Credential): Failure | null {
  const names = account.fields.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const mend = `It wants: ${names.join(', ') || 'nothing'}.`;
    return failures.invalid('values', `"values.${unknown}": this account has no such field.`, mend);
  }
  const missing = account.fields.find(({ name, optional }) => !optional && !values[name]?.trim());
  if (!missing) return null;
  return failures.invalid('values', `"values.${missing.name}": ${missing.title} is missing.`, account.help);
}

function ownAccount(
  accounts: Readonly<Record<string, ConnectedAccount>>,
  id: string,
): ConnectedAccount | undefined {
  return Object.hasOwn(accounts, id) ? accounts[id] : undefined;
}
