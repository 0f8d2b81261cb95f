import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Command } from '../state/commands.ts';
import { Button } from './button.tsx';
import { focusable } from './focusable.ts';
import { useFrame, useText } from './frame.ts';
import { Revealed, Spelled } from './revealed.tsx';

interface CommandProps {
  /** The execution that began the command, if the call began one. */
  readonly execution: string | null;
}

/** How a command of a call stands, in a word: that it runs on, or how it ended. */
export function CommandEnd({ execution }: CommandProps) {
  const t = useText();
  const command = useCommand(execution);
  if (!command) return null;
  const { state, exit, background } = command.process;
  if (state === 'running')
    return background ? <span class="faint call-aside">{t('command.background')}</span> : null;
  return (
    <span class="faint call-aside">
      {exit === null ? t('command.killed') : t('command.exit', { code: exit })}
    </span>
  );
}

/** The newest line of a command that runs, under its folded call. */
export function CommandTail({ execution }: CommandProps) {
  const command = useCommand(execution);
  const tail = command?.process.state === 'running' ? lastLine(command.output) : '';
  if (tail === '') return null;
  return (
    <p class="call-note command-tail" aria-hidden="true">
      <Revealed text={tail} />
    </p>
  );
}

/** What a command writes, as it comes, and what can be done with it. */
export function CommandOutput({ execution }: CommandProps) {
  const t = useText();
  const { acts } = useFrame();
  const command = useCommand(execution);
  if (!command || !execution) return null;
  const runs = command.process.state === 'running';
  return (
    <>
      {runs ? <Live text={command.output} /> : null}
      <div class="buttons">
        <Button secondary icon="terminal" onPress={() => acts.tell({ act: 'showCommand', execution })}>
          {t('command.terminal')}
        </Button>
        {runs ? (
          <Button secondary icon="debug-stop" onPress={() => void acts.endProcess(execution)}>
            {t('command.end')}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** Output that grows; its end stays in sight while a person reads there. */
function Live({ text }: { readonly text: string }) {
  const t = useText();
  const place = useRef<HTMLElement | null>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const { current } = place;
    if (current && atEnd.current) current.scrollTop = current.scrollHeight;
  }, [text]);
  return (
    <>
      <span class="label">{t('command.live')}</span>
      <section
        class="long-text live-output"
        aria-label={t('command.live')}
        ref={(element) => {
          place.current = element;
          focusable(element);
        }}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        <pre>{text === '' ? <span class="faint">{t('command.silent')}</span> : <Spelled text={text} />}</pre>
      </section>
    </>
  );
}

function useCommand(execution: string | null): Command | undefined {
  const { commands } = useFrame().state;
  return execution === null ? undefined : commands.value[execution];
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
}
