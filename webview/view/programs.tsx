import type { Effect } from '../../server/protocol/effect.ts';
import { quotedWords } from '../../server/protocol/effectText.ts';
import type { Text } from '../strings.ts';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed, Word } from './revealed.tsx';

type Run = Extract<Effect, { kind: 'run' }>;

interface ProgramsProps {
  readonly effects: readonly Effect[];
  /** The command as it was shown already; one plain program that reads the same is not shown again. */
  readonly said?: string | null;
}

/** The programs of a command, each with its arguments, and what nobody can tell of them. */
export function Programs({ effects, said = null }: ProgramsProps) {
  const t = useText();
  const runs = effects.filter((effect): effect is Run => effect.kind === 'run');
  const [first] = runs;
  if (!first) return null;
  const oneFolder = runs.every(({ cwd }) => cwd === first.cwd);
  const plain =
    runs.length === 1 && first.unclear === undefined && said?.split('\n')[0] === quotedWords(first.argv);
  return (
    <div class="programs">
      {plain ? null : (
        <ol aria-label={t('program.list')}>
          {runs.map((run, index) => (
            <li key={index}>
              <Argv argv={run.argv} />
              {run.unclear === undefined ? null : (
                <span class="unclear">
                  <Revealed text={t('program.unclear', { reason: run.unclear })} />
                </span>
              )}
              {oneFolder ? null : <In cwd={run.cwd} />}
            </li>
          ))}
        </ol>
      )}
      {oneFolder ? <In cwd={first.cwd} /> : null}
    </div>
  );
}

/** A program and its arguments, each a word of its own however it reads. */
function Argv({ argv }: { readonly argv: readonly string[] }) {
  const t = useText();
  return (
    <span class="argv">
      {argv.map((word, index) =>
        word === '' ? (
          <code key={index} class="word faint">
            {t('program.empty')}
          </code>
        ) : (
          <Word key={index} class={`word ${index === 0 ? 'program' : ''}`} text={word} />
        ),
      )}
    </span>
  );
}

function In({ cwd }: { readonly cwd: string }) {
  const t = useText();
  return (
    <span class="faint in">
      <Revealed text={t('program.in', { folder: cwd })} />
    </span>
  );
}

/** Whether a sandbox holds the command, and whether what it changes can be taken back. */
export function Sandbox({ effects }: { readonly effects: readonly Effect[] }) {
  const t = useText();
  const runs = effects.filter((effect): effect is Run => effect.kind === 'run');
  if (runs.length === 0) return null;
  const hosts = effects.flatMap((effect) => (effect.kind === 'network' ? effect.host : []));
  const held = runs.every(({ sandboxed }) => sandboxed === true);
  return (
    <p class={`sandbox ${held ? 'held' : 'loose'}`}>
      <Icon name={held ? 'shield' : 'warning'} />
      <span>
        <Revealed text={sandboxWords(held, hosts, t)} />{' '}
        {runs.every(({ reversible }) => reversible === true) ? t('sandbox.reversible') : null}
        {runs.some(({ reversible }) => reversible === false) ? t('sandbox.irreversible') : null}
      </span>
    </p>
  );
}

function sandboxWords(held: boolean, hosts: readonly string[], t: Text): string {
  if (!held) return t('sandbox.loose');
  return hosts.length === 0 ? t('sandbox.held') : t('sandbox.heldHosts', { hosts: hosts.join(', ') });
}
