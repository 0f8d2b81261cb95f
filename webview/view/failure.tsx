import type { Failure, FailureKind } from '../../server/protocol/failure.ts';
import { clockTime } from '../text/measures.ts';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

interface FailureProps {
  readonly failure: Failure;
  /** The provider whose key may be at fault. */
  readonly provider?: string | undefined;
  /** Hands the same job over again, where that makes sense. */
  again?(): void;
  dismiss?(): void;
}

/** A failure: which kind it is, what happened, and what to do next. */
export function FailureNote({ failure, provider, again, dismiss }: FailureProps) {
  const t = useText();
  const { acts, state } = useFrame();
  const title =
    failure.kind === 'limited' && failure.until !== undefined
      ? t('failure.limitedUntil', { time: clockTime(failure.until, state.language) })
      : t(`failure.${failure.kind}`);
  return (
    <section class={`failure ${failure.kind}`} aria-label={title}>
      <Icon name={icons[failure.kind]} />
      <div class="failure-words">
        <p class="failure-title">{title}</p>
        <p>
          <Revealed text={t.said(failure.what)} />
        </p>
        <p class="faint">
          <Revealed text={t.said(failure.mend)} />
        </p>
        <div class="buttons">
          {failure.kind === 'auth' && failure.field !== 'account' ? (
            <Button
              icon="key"
              onPress={() => acts.tell({ act: 'setKey', ...(provider ? { provider } : {}) })}
            >
              {t('failure.setKey')}
            </Button>
          ) : null}
          {failure.kind === 'internal' ? (
            <Button secondary icon="pulse" onPress={() => acts.tell({ act: 'collectDiagnostics' })}>
              {t('failure.diagnose')}
            </Button>
          ) : null}
          {again ? (
            <Button secondary icon="refresh" onPress={again}>
              {t('job.again')}
            </Button>
          ) : null}
          {dismiss ? (
            <Button secondary onPress={dismiss}>
              {t('failure.dismiss')}
            </Button>
          ) : null}
        </div>
      </div>
    </section>
  );
}

const icons = {
  invalid: 'warning',
  notFound: 'search-stop',
  conflict: 'git-compare',
  denied: 'circle-slash',
  expired: 'watch',
  cancelled: 'circle-slash',
  offline: 'debug-disconnect',
  auth: 'key',
  limited: 'watch',
  overloaded: 'server-environment',
  tooLong: 'unfold',
  refused: 'stop-circle',
  cut: 'debug-disconnect',
  malformed: 'warning',
  store: 'database',
  tool: 'tools',
  internal: 'bug',
} as const satisfies Record<FailureKind, string>;
