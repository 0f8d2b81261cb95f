import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { systemClock } from '../../../server/adapters/systemClock.ts';
import { makeVideo } from '../../../server/adapters/tools/makeVideo.ts';
import type { RunPorts } from '../../../server/core/jobRun.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { type Answering, scripted } from '../conversations/crew.ts';
import type { VideoWire } from '../providers/videoStudio.ts';

/** Where the video of these tests is written. */
export const filmPath = 'media/light.mp4';

/** Waits a moment in place of the seconds between two questions. */
const hasty: RunPorts['clock'] = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 100), signal),
};

/** What a worker has whose model asks for one video and then is done, whoever works. */
export function filmParts(kind: VideoWire, url: string): Pick<RunPorts, 'providers' | 'tools' | 'clock'> {
  const create = kind === 'openai' ? createOpenAi : createGoogle;
  const maker = create({ key: async () => ['test', 'key'].join('-'), baseURL: url });
  const answer: Answering = ({ messages }) => {
    if (messages.at(-1)?.role === 'tool') return [{ kind: 'text', text: 'Done.' }];
    const input = { text: 'A lighthouse', path: filmPath };
    return [{ kind: 'call', call: `call-${messages.length}`, tool: 'make_video', input }];
  };
  const { provider } = scripted(...Array.from({ length: 20 }, () => answer));
  return { providers: () => [provider], tools: [makeVideo(async () => [maker]) as Tool], clock: hasty };
}
