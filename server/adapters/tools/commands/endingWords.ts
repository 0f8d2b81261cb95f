import type { Ending, Stop } from '../../processes/launch.ts';
import { type Limits, limitsShown } from '../../sandbox/limits.ts';

/** What a model is told of a command that ended: how, what it wrote, and what was not kept of its doing. */
export function endingWords(
  ending: Ending,
  said: { output: string; limits: Limits; aside: readonly string[]; folder: string },
): string {
  const { output, limits, aside, folder } = said;
  const put =
    aside.length === 0
      ? []
      : [
          `These files rule what an agent may do or what runs by itself, so they were put aside in ${folder}: ${aside.slice(0, 20).join(', ')}${aside.length > 20 ? ', …' : ''}. Write them with the file tools, which ask.`,
        ];
  return [headline(ending, limits), ...put, ...(output === '' ? ['It wrote nothing.'] : [output])].join('\n');
}

function headline({ exit, signal, stopped, fault }: Ending, limits: Limits): string {
  if (fault) return `It could not be started: ${fault}.`;
  if (stopped) return `${stops[stopped]} (${limitsShown(limits)})`;
  if (exit === null) return `Ended by ${signal ?? 'a signal'}.`;
  return `Exit code ${exit}.`;
}

const stops: Readonly<Record<Stop, string>> = {
  asked: 'Stopped before its end.',
  time: 'Stopped: it took longer than it was given.',
  output: 'Stopped: it wrote without end.',
  memory: 'Stopped: it took more memory than it was given.',
  processes: 'Stopped: it started more processes than it was given.',
};
