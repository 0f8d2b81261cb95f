import type { EntryData, EntryType } from '../server/protocol/entryData.ts';
import type { Entry } from '../server/protocol/journal.ts';
import { connectionLook } from './connectionWords.ts';
import { countWords, moneyWords } from './costWords.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';

/** How an entry of the journal reads in a list. */
export interface EntryLine {
  readonly label: string;
  /** A codicon's name. */
  readonly icon: string;
}

/** Says in words what an entry of the journal records. */
export function entryWords(entry: Entry, t: Translate): EntryLine {
  const write = words[entry.type] as (data: Entry['data'], body: unknown, t: Translate) => EntryLine;
  return write(entry.data, entry.body, t);
}

type Words = { [T in EntryType]: (data: EntryData<T>, body: unknown, t: Translate) => EntryLine };

const words: Words = {
  'ability.saved': ({ ability }, _, t) =>
    line('person', t('Ability saved: {0}', plainText(ability.name, 80))),
  'ability.deleted': ({ ability }, _, t) => line('trash', t('Ability deleted: {0}', ability)),
  'provider.saved': ({ config }, _, t) => line('plug', t('Provider set up: {0}', config.name)),
  'provider.removed': ({ provider }, _, t) => line('trash', t('Provider removed: {0}', provider)),
  'settings.saved': (_, __, t) => line('settings-gear', t('Fallbacks or budget changed')),
  'connection.changed': ({ provider, connection }, _, t) => {
    const { icon, words } = connectionLook(connection, t);
    return line(icon, t('{0}: {1}', provider, words));
  },
  'session.created': ({ ability }, _, t) => line('comment-discussion', t('Session opened with {0}', ability)),
  'session.renamed': (_, body, t) => line('edit', t('Session renamed: {0}', textOf(body, 'title'))),
  'session.deleted': (_, __, t) => line('trash', t('Session deleted')),
  'job.created': (_, body, t) => line('inbox', t('Job handed over: {0}', textOf(body, 'text'))),
  'job.routed': ({ agent }, _, t) => line('type-hierarchy-sub', t('Specialist chosen: {0}', agent)),
  'job.steered': (_, body, t) => line('comment', t('Said while it worked: {0}', textOf(body, 'text'))),
  'job.modeSet': ({ mode }, _, t) => line('shield', modeWords(mode, t)),
  'job.approved': (_, __, t) => line('check', t('Job let into the queue')),
  'job.claimed': (_, __, t) => line('play', t('Job begun')),
  'job.recovered': (_, __, t) => line('debug-restart', t('Job taken over from a worker that stopped')),
  'job.completed': (_, __, t) => line('pass', t('Job completed')),
  'job.failed': ({ failure }, _, t) => line('error', t('Job failed: {0}', plainText(t.said(failure.what)))),
  'job.abortRequested': (_, __, t) => line('debug-stop', t('Job is being aborted')),
  'job.aborted': (_, __, t) => line('circle-slash', t('Job aborted')),
  'message.added': ({ provider }, _, t) => line('sparkle', t('Answer of {0}', provider)),
  'attempt.failed': ({ provider, failure }, _, t) =>
    line('warning', t('{0} did not answer: {1}', provider, plainText(t.said(failure.what)))),
  'provider.switched': ({ from, to }, _, t) =>
    line('arrow-swap', t('{0} took over from {1}', to.provider, from.provider)),
  'network.awaited': ({ who }, _, t) => line('debug-disconnect', t('Waits until {0} can be reached', who)),
  'network.returned': ({ who }, _, t) => line('plug', t('{0} can be tried again', who)),
  'context.compacted': ({ before, after }, _, t) =>
    line('fold', t('Conversation summed up: {0} tokens became {1}', before, after)),
  'budget.raised': ({ limit, allowed }, _, t) => line('dashboard', raised(limit, allowed, t)),
  'approval.requested': ({ approval }, _, t) =>
    line('question', t('Asked: {0}', plainText(t.titled(approval.title)))),
  'approval.decided': ({ decision }, _, t) => decided(decision, t),
  'execution.started': ({ title }, _, t) => line('play-circle', t('Begun: {0}', plainText(t.titled(title)))),
  'execution.noted': ({ usd }, _, t) =>
    usd ? line('credit-card', t('Paid: {0}', moneyWords(usd))) : line('milestone', t('Noted how far it is')),
  'execution.finished': ({ end }, _, t) => finished(end, t),
  'call.refused': ({ tool, rule }, _, t) =>
    line('circle-slash', t('Not run: {0} ({1})', tool, plainText(t.said(rule)))),
  'execution.undone': (_, __, t) => line('discard', t('Taken back')),
  'execution.undoFailed': ({ failure }, _, t) =>
    line('warning', t('Could not be taken back: {0}', plainText(t.said(failure.what)))),
  'execution.redone': (_, __, t) => line('redo', t('Done again')),
  'undo.pruned': ({ executions }, _, t) =>
    line('trash', t('Old changes can no longer be taken back: {0}', executions.length)),
  'deliverable.saved': ({ deliverable }, _, t) =>
    line('package', t('Deliverable saved: {0}', plainText(deliverable.title))),
  'deliverable.published': ({ publication }, _, t) =>
    line('cloud-upload', t('Published: {0}', plainText(publication.location))),
  'deliverable.unpublished': (_, __, t) => line('cloud', t('Publication taken back')),
  'admin.paused': (_, __, t) => line('debug-pause', t('All work paused')),
  'admin.resumed': (_, __, t) => line('debug-continue', t('Work resumed')),
  'secret.changed': ({ name, where }, _, t) => line('key', t('Key changed: {0} (kept in: {1})', name, where)),
  'policy.changed': ({ change }, _, t) => line('law', policyWords(change, t)),
  'permission.changed': ({ holder, permission, granted }, _, t) =>
    line(
      granted ? 'unlock' : 'lock',
      granted
        ? t('Permission granted: {0}, {1}', holder, permission)
        : t('Permission revoked: {0}, {1}', holder, permission),
    ),
  'mcp.saved': ({ server }, _, t) => line('server', t('MCP server set up: {0}', server.name)),
  'mcp.removed': ({ name }, _, t) => line('trash', t('MCP server removed: {0}', name)),
  'mcp.pinned': ({ server }, _, t) => line('pin', t('MCP server approved: {0}', plainText(server))),
  'target.connected': ({ account }, _, t) =>
    line('plug', t('Account connected: {0}', plainText(account.title))),
  'target.disconnected': ({ account }, _, t) =>
    line('debug-disconnect', t('Account disconnected: {0}', plainText(account))),
  'content.deleted': ({ digests }, _, t) => line('trash', t('Content deleted: {0} pieces', digests.length)),
};

function line(icon: string, label: string): EntryLine {
  return { icon, label };
}

function decided(decision: EntryData<'approval.decided'>['decision'], t: Translate): EntryLine {
  const lines = {
    approved: () => line('check', t('Approved')),
    denied: () => line('close', t('Denied')),
    expired: () => line('watch', t('Denied, because nobody answered in time')),
  };
  return lines[decision]();
}

function finished(end: EntryData<'execution.finished'>['end'], t: Translate): EntryLine {
  const lines = {
    ok: () => line('pass', t('Done')),
    error: () => line('error', t('A step failed')),
    interrupted: () => line('debug-disconnect', t('A step was interrupted')),
  };
  return lines[end]();
}

function raised(limit: EntryData<'budget.raised'>['limit'], allowed: number, t: Translate): string {
  const words = {
    usd: () => t('Budget raised to {0}', moneyWords(allowed)),
    tokens: () => t('Budget raised to {0} tokens', countWords(allowed)),
    rounds: () => t('Budget raised to {0} rounds', countWords(allowed)),
    minutes: () => t('Budget raised to {0} minutes', countWords(allowed)),
  };
  return words[limit]();
}

function modeWords(mode: EntryData<'job.modeSet'>['mode'], t: Translate): string {
  const words = {
    ask: () => t('This job asks about every change'),
    assisted: () => t('This job runs by itself what can be undone'),
    allow: () => t('This job asks only about what is protected'),
  };
  return words[mode]();
}

function policyWords(change: EntryData<'policy.changed'>['change'], t: Translate): string {
  const words = {
    added: () => t('Policy: a rule was added'),
    removed: () => t('Policy: a rule was removed'),
    reset: () => t('Policy: every rule was removed'),
  };
  return words[change]();
}

function textOf(body: unknown, field: string): string {
  const text = (body as Record<string, unknown> | null | undefined)?.[field];
  return typeof text === 'string' ? plainText(text, 120) : '…';
}
