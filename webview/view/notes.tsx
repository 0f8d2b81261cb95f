import type { ComponentChildren } from 'preact';
import type { JobState } from '../../server/protocol/job.ts';
import type { ModelChoice } from '../../server/protocol/provider.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import type { PageState } from '../state/page.ts';
import { Approval } from './approval.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';
import { Revealed } from './revealed.tsx';

type TurnOf<K extends Turn['kind']> = Extract<Turn, { kind: K }>;

/** One line between the words: something that a reader must know. */
export function Note({ icon, children }: { readonly icon: string; readonly children: ComponentChildren }) {
  return (
    <p class="note">
      <Icon name={icon} />{' '}
      <span>{typeof children === 'string' ? <Revealed text={children} /> : children}</span>
    </p>
  );
}

/** A request that came to nothing. */
export function Attempt({ turn }: { readonly turn: TurnOf<'attempt'> }) {
  const t = useText();
  const { state } = useFrame();
  const provider = titleOf(turn.provider, state);
  return <Note icon="sync">{t('failure.attempt', { provider, what: t.said(turn.failure.what) })}</Note>;
}

/** Another provider took over, and why. */
export function Switched({ turn }: { readonly turn: TurnOf<'switched'> }) {
  const t = useText();
  const { state } = useFrame();
  const from = modelOf(turn.from, state);
  const to = modelOf(turn.to, state);
  return (
    <Note icon="arrow-swap">
      <Revealed text={`${t('turn.switched', { from, to })} ${t.said(turn.failure.what)}`} />
    </Note>
  );
}

/** The job waits for the network, or waited. */
export function Network({ turn, state }: { readonly turn: TurnOf<'network'>; readonly state?: JobState }) {
  const t = useText();
  const frame = useFrame();
  const who = titleOf(turn.who, frame.state);
  if (turn.returned) return <Note icon="plug">{t('turn.networkBack')}</Note>;
  const waits = state === 'running';
  return <Note icon="debug-disconnect">{waits ? t('turn.network', { who }) : t('turn.networkOver')}</Note>;
}

/** The specialist that does the job. */
export function Routed({ turn }: { readonly turn: TurnOf<'routed'> }) {
  const t = useText();
  return (
    <Note icon="person">
      <Revealed text={t('turn.routed', { agent: turn.agent })} />
    </Note>
  );
}

/** The place from which on the model is told a summary, which opens. */
export function Compacted({ turn }: { readonly turn: TurnOf<'compacted'> }) {
  const t = useText();
  return (
    <details class="thinking">
      <summary>
        <Icon name="fold" /> {t('turn.compacted')}
      </summary>
      <Markdown text={turn.summary} />
    </details>
  );
}

interface QuestionProps {
  readonly turn: TurnOf<'question'>;
  readonly active: boolean;
}

/** What the job itself asks, and afterwards what was decided. */
export function Question({ turn, active }: QuestionProps) {
  const t = useText();
  const { approval, preview } = turn;
  if (approval.decision === null && active) return <Approval approval={approval} preview={preview} single />;
  const words = approval.decision ? decided[approval.decision] : 'call.refused';
  const said = turn.denial ? `. ${t('call.denial', { reason: turn.denial })}` : '';
  return (
    <Note icon={approval.decision === 'approved' ? 'check' : 'circle-slash'}>
      <Revealed text={[`${t.titled(approval.title)}: ${t(words)}`, said].join('')} />
    </Note>
  );
}

const decided = { approved: 'ask.approved', denied: 'ask.denied', expired: 'ask.expired' } as const;

/** A provider as a person knows it. */
export function titleOf(provider: string, { providers }: PageState): string {
  return providers.value?.find((one) => one.name === provider)?.title ?? provider;
}

function modelOf({ provider, model }: ModelChoice, state: PageState): string {
  const title = titleOf(provider, state);
  return model === '' ? title : `${title} ${model}`;
}
