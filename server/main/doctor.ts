import { access, constants, stat } from 'node:fs/promises';
import { listProviders } from '../core/providers.ts';
import { readUndoRoom } from '../core/undoQuota.ts';
import { type Connection, connectionAsOf } from '../protocol/connection.ts';
import type { Finding } from '../protocol/editor.ts';
import type { ProviderInfo } from '../protocol/provider.ts';
import { clockTime } from './clockTime.ts';
import type { Butler } from './compose.ts';
import { mcpFindings } from './mcpFindings.ts';
import { isElsewhere } from './providersHere.ts';

/** Looks at everything that must work and says of each whether it does, and what mends it; never a secret. */
export async function examine(butler: Butler): Promise<Finding[]> {
  const findings = [
    runtime(),
    await store(butler),
    await journal(butler),
    await undo(butler),
    await keys(butler),
    await search(butler),
    await sandbox(butler),
  ];
  const all = [
    ...findings,
    ...(await abilities(butler)),
    ...(await providers(butler)),
    ...(await mcpFindings(butler)),
    await work(butler),
  ];
  return butler.redactor.cleanIn(all);
}

function runtime(): Finding {
  const napi = Number(process.versions.napi ?? 0);
  const what = `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return napi >= 10
    ? { subject: 'runtime', state: 'ok', what }
    : {
        subject: 'runtime',
        state: 'wrong',
        what,
        mend: 'Use Node 22.14 or later, or VS Code 1.101 or later.',
      };
}

async function store({ config }: Butler): Promise<Finding> {
  const found = await stat(config.storeFile).catch(() => null);
  const writable = await access(config.home, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!found || !writable) {
    const mend = `Make the folder "${config.home}" writable.`;
    return {
      subject: 'store',
      state: 'wrong',
      what: `The store in "${config.home}" cannot be written.`,
      mend,
    };
  }
  const size = `${(found.size / 1_048_576).toFixed(1)} MB`;
  return { subject: 'store', state: 'ok', what: `${config.storeFile} (${size}, encrypted)` };
}

async function journal({ store }: Butler): Promise<Finding> {
  const verdict = await store.verify();
  return verdict.state === 'clean'
    ? { subject: 'journal', state: 'ok', what: `${verdict.entries} entries, the chain is whole` }
    : {
        subject: 'journal',
        state: 'wrong',
        what: `entry ${verdict.seq}: ${verdict.what}`,
        mend: 'Someone changed the store. Keep a copy of it, and start a new one by moving the folder away.',
      };
}

async function sandbox(butler: Butler): Promise<Finding> {
  const state = await butler.sandbox.state();
  if (state.holds) {
    return { subject: 'sandbox', state: 'ok', what: `commands are held by ${state.by}` };
  }
  const what = `${state.why} Each command is asked for.`;
  return { subject: 'sandbox', state: 'note', what, mend: state.mend };
}

async function undo(butler: Butler): Promise<Finding> {
  const { kept, limit } = await readUndoRoom(butler);
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);
  const what = `${megabytes(kept)} of at most ${megabytes(limit)} MB are kept to take things back`;
  if (kept <= limit) return { subject: 'undo', state: 'ok', what };
  const mend = 'The oldest goes when no job is at work; "butler settings set undo.megabytes" allows more.';
  return { subject: 'undo', state: 'note', what, mend };
}

async function keys({ secrets }: Butler): Promise<Finding> {
  const place = await secrets.place();
  return { subject: 'keys', state: place.name === 'file' ? 'note' : 'ok', what: place.about };
}

async function search({ native }: Butler): Promise<Finding> {
  const runnable = await access(native.rg, constants.X_OK).then(
    () => true,
    () => false,
  );
  return runnable
    ? { subject: 'search', state: 'ok', what: 'ripgrep is in place' }
    : {
        subject: 'search',
        state: 'wrong',
        what: `ripgrep is missing or not executable at "${native.rg}".`,
        mend: 'Install the extension again.',
      };
}

async function abilities(butler: Butler): Promise<Finding[]> {
  const { abilities, problems } = await butler.abilities();
  return [
    { subject: 'abilities', state: 'ok', what: `${abilities.length} Abilities` },
    ...problems.map(
      (problem): Finding => ({
        subject: 'abilities',
        state: 'wrong',
        what: `${problem.file}:${problem.line} ${problem.message}`,
        mend: 'Correct that line.',
      }),
    ),
  ];
}

async function providers(butler: Butler): Promise<Finding[]> {
  const infos = await listProviders(butler, true);
  const now = butler.clock.now();
  return infos.map((info): Finding => {
    const state = isElsewhere(butler, info)
      ? { state: 'note' as const, what: `${info.title}: lent in VS Code only` }
      : stateOf(info, now);
    return { subject: 'providers', ...state };
  });
}

function stateOf(
  { name, title, key, ready, connection }: ProviderInfo,
  now: number,
): Omit<Finding, 'subject'> {
  if (key === 'missing') return { state: 'note', what: `${title}: no API key`, mend: keyMend(name) };
  if (!ready) return { state: 'note', what: `${title}: not found on this machine` };
  const { state, failure, until } = connectionAsOf(connection, now);
  const lasts = state === 'limited' && until !== undefined ? ` until ${clockTime(until, now)}` : '';
  const what = `${title}: ${key === 'set' ? 'key set' : 'needs no key'}${connectionWords[state]}${lasts}`;
  if (!failure || state === 'online') return { state: 'ok', what };
  return { state: 'note', what: `${what} (${failure.what})`, mend: failure.mend };
}

const keyMend = (name: string) =>
  `Run "Butler: Set API Key", or "butler providers add ${name}" in a terminal.`;

const connectionWords: Readonly<Record<Connection['state'], string>> = {
  unknown: '',
  online: ', answered last time',
  offline: ', could not be reached last time',
  limited: ', limits requests',
  overloaded: ', was overloaded last time',
  login: ', did not accept the key last time',
};

async function work({ store }: Butler): Promise<Finding> {
  const { paused, running, queued, waiting } = await store.admin();
  const what = `${running} running, ${queued} queued, ${waiting} waiting for you`;
  return paused
    ? { subject: 'jobs', state: 'note', what: `paused; ${what}`, mend: 'Run "Butler: Resume".' }
    : { subject: 'jobs', state: 'ok', what };
}
