import { useContext, useId, useState } from 'preact/hooks';
import { type Call, specialistSession } from '../../server/protocol/turn.ts';
import { duration } from '../text/measures.ts';
import { Approval } from './approval.tsx';
import { Button } from './button.tsx';
import { CommandEnd, CommandOutput, CommandTail } from './commandOutput.tsx';
import { Elsewhere, useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { LongText, Revealed } from './revealed.tsx';
import { callStates, callTitle, shownState, toolIcon } from './tools.ts';
import { WayBack } from './wayBack.tsx';
import { whyNotUndone } from './whyNotUndone.ts';

interface CallProps {
  readonly call: Call;
  readonly job: string;
  /** Whether its job still goes on. */
  readonly active: boolean;
}

/** One tool call: a question while it waits for the person, else one line that opens to its details. */
export function CallLine({ call, job, active }: CallProps) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const details = useId();
  const shown = shownState(call, active);
  const state = callStates[shown];
  if (shown === 'waiting' && call.approval)
    return <Approval approval={call.approval} preview={call.preview} />;
  const took = call.ended === null || call.begun === null ? null : call.ended - call.begun;
  return (
    <div class={`call ${shown}`}>
      <button
        type="button"
        class="call-line"
        aria-expanded={open}
        aria-controls={details}
        onClick={() => setOpen(!open)}
      >
        <Icon name={toolIcon(call.tool)} />
        <span class="call-title">
          <Revealed still text={callTitle(call, t)} />
        </span>
        {call.state === 'undone' ? <span class="faint">{t('call.undone')}</span> : null}
        <CommandEnd execution={call.execution} />
        {took === null ? null : <span class="faint call-time">{duration(took)}</span>}
        <Icon name={state.icon} spin={state.spin} label={t(state.words)} />
      </button>
      <Decision call={call} shown={shown} />
      <MendTarget call={call} shown={shown} />
      {open ? null : <CommandTail execution={call.execution} />}
      <div id={details} class="call-details" hidden={!open}>
        {open ? <Details call={call} job={job} /> : null}
      </div>
    </div>
  );
}

function Decision({ call, shown }: { readonly call: Call; readonly shown: string }) {
  const t = useText();
  const decision = call.approval?.decision;
  if (call.undoFailure) {
    return (
      <p class="call-note">
        {t('call.undoFailed', {
          what: t.said(call.undoFailure.what),
          mend: t.said(call.undoFailure.mend),
        })}
      </p>
    );
  }
  if (shown !== 'refused' || !decision || decision === 'approved') return null;
  return (
    <p class="call-note">
      {t(decision === 'denied' ? 'ask.denied' : 'ask.expired')}
      {call.denial ? `. ${t('call.denial', { reason: call.denial })}` : ''}
    </p>
  );
}

/** The way to what a publication that did not come about may lack: its account, or rights there. */
function MendTarget({ call: { tool, approval }, shown }: { readonly call: Call; readonly shown: string }) {
  const t = useText();
  const { acts, state } = useFrame();
  const denied = approval !== null && approval.decision !== 'approved';
  if (tool !== 'publish' || denied || (shown !== 'error' && shown !== 'refused')) return null;
  const session = state.sessions.value?.find((one) => one.id === state.conversation.value?.session);
  if (!session) return null;
  return (
    <div class="call-mend">
      <Button
        secondary
        icon="plug"
        onPress={() => acts.tell({ act: 'mendTarget', ability: session.ability })}
      >
        {t('target.mend')}
      </Button>
    </div>
  );
}

function Details({ call, job }: { readonly call: Call; readonly job: string }) {
  const t = useText();
  const { acts, state } = useFrame();
  const path = pathOf(call.input);
  const isOurs = call.state === 'refused' || (call.tool === 'publish' && call.state !== 'ok');
  const specialist = specialistSession(call);
  const session = state.sessions.value?.find((one) => one.id === state.conversation.value?.session);
  const open = (file: string) =>
    acts.tell({ act: 'openFile', path: file, ...(session ? { workspace: session.workspace } : {}) });
  return (
    <>
      <span class="label">{t('call.input')}</span>
      <LongText text={JSON.stringify(call.input, null, 2) ?? ''} label={t('call.input')} />
      <CommandOutput execution={call.execution} />
      {call.output === null ? null : (
        <>
          <span class="label">{t('call.output')}</span>
          <LongText text={isOurs ? t.said(call.output) : call.output} label={t('call.output')} />
        </>
      )}
      {call.started ? (
        <p class="faint">
          {t('call.rule')}: <Revealed text={t.said(call.started.rule)} />
          {call.forJob ? ` (${t('ask.approvedForJob')})` : ''}
        </p>
      ) : null}
      <div class="buttons">
        {path ? (
          <Button secondary icon="go-to-file" onPress={() => open(path)}>
            <Revealed still text={t('call.openFile', { path })} />
          </Button>
        ) : null}
        {specialist ? (
          <Button secondary icon="person" onPress={() => acts.openSession(specialist)}>
            {t('call.openSpecialist')}
          </Button>
        ) : null}
        <CallWayBack call={call} job={job} />
      </div>
    </>
  );
}

/** Undo, or its undoing; where there is none, the reason is said. */
function CallWayBack({ call, job }: { readonly call: Call; readonly job: string }) {
  const t = useText();
  const isElsewhere = useContext(Elsewhere);
  const { execution } = call;
  if (isElsewhere && (call.undoable || call.state === 'undone'))
    return <p class="faint">{t('call.elsewhere')}</p>;
  if (execution && call.undoable)
    return <WayBack deeds={[{ way: 'undo', job, execution }]} words="call.undo" />;
  if (execution && call.state === 'undone')
    return <WayBack deeds={[{ way: 'redo', job, execution }]} words="call.redo" />;
  const why = whyNotUndone(call);
  return why ? <p class="faint">{t(why)}</p> : null;
}

function pathOf(input: unknown): string | null {
  const path = (input as { path?: unknown } | null)?.path;
  return typeof path === 'string' && path !== '' ? path : null;
}
