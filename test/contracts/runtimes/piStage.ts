import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FixtureResponse, LLMock } from '@copilotkit/aimock';
import { pi } from '../../../bench/peers/agents/pi.ts';
import { install, installedIn, installedVersion, programOf } from '../../../bench/peers/installation.ts';
import type { Passing } from '../../../server/core/jobRun.ts';
import { secretOf } from '../../../server/core/providers.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import type { ProviderKind } from '../../../server/protocol/provider.ts';
import { standIn } from '../../support/ofEachTest.ts';
import { type Stage, setStage } from '../../support/stage.ts';

const root = path.join(import.meta.dirname, '../../..');

/** The real pi, installed where the benchmark of peers has it; says what to do where it cannot be had. */
function installedPi(): string {
  const { release } = pi;
  if (!release) throw new Error('No release of pi is named.');
  const folder = installedIn(root, pi);
  if (installedVersion(folder, release) !== release.version && !install(folder, release)) {
    throw new Error(
      `${release.package}@${release.version} could not be installed; is the registry in reach?`,
    );
  }
  return programOf(folder, release);
}

/** What the model says next: words, calls of tools, or a refusal. */
export type Line = FixtureResponse;

/** Words of the model. */
export const says = (content: string): Line => ({ content, ...counted });

/** Calls of the model, one after another. */
export const calls = (...wanted: readonly (readonly [tool: string, input: object])[]): Line => ({
  content: 'I look after it.',
  toolCalls: wanted.map(([name, input], index) => ({
    id: `call_${index + 1}`,
    name,
    arguments: JSON.stringify(input),
  })),
  ...counted,
});

/** A refusal of the service. */
export const refuses = (status: number, message: string): Line => ({
  error: { message, type: 'invalid_request_error' },
  status,
});

const counted = { usage: { prompt_tokens: 1_200, completion_tokens: 34, total_tokens: 1_234 } };

/** A butler whose Ability "piper" runs on the real pi, which asks a scripted model on the loopback. */
export interface PiStage extends Stage {
  /** The bodies of the requests that the model was asked with. */
  requests(): readonly string[];
  /** What passed and is kept nowhere. */
  readonly passing: readonly Passing[];
}

/** What a stage may be set with. */
export type PiSetting = Partial<Ability> & {
  readonly program: string;
  /** Turns the program into another one: a script of bash, in which `%pi%` stands for it. */
  readonly instead?: string;
  /** Whether the answers of the model take their time. */
  readonly slow?: boolean;
  /** What kind of provider the model is behind, and what stands between its address and the mock's. */
  readonly kind?: ProviderKind;
  readonly behind?: string;
  /** Whether no worker works but those that are hired. */
  readonly idle?: boolean;
};

/** A stage of the test at hand, which the test sets; what all of its suite have alike is said once. */
export function piOfEachTest(alike: Partial<PiSetting> = {}) {
  const at: { program: string; stage?: PiStage } = { program: '' };
  before(function () {
    this.timeout(900_000);
    at.program = installedPi();
  });
  afterEach(async () => {
    const { stage } = at;
    delete at.stage;
    await stage?.close();
  });
  const stage = standIn(() => at.stage ?? notSet());
  const set = async (script: readonly [Line, ...Line[]], change: Partial<PiSetting> = {}) => {
    at.stage = await setPiStage(script, { program: at.program, ...alike, ...change });
  };
  return { stage, set };
}

/** Sets the stage: each request takes the next line of the script, and the last one for good. */
export async function setPiStage(
  script: readonly [Line, ...Line[]],
  {
    program,
    instead,
    kind = 'compatible',
    behind = '/v1',
    slow = false,
    idle = false,
    ...ability
  }: PiSetting,
): Promise<PiStage> {
  const mock = new LLMock({ port: 0, strict: true, logLevel: 'silent' });
  const bodies: string[] = [];
  const response = (request: unknown) => {
    bodies.push(JSON.stringify(request));
    return script[Math.min(bodies.length, script.length) - 1] ?? script[0];
  };
  mock.addFixture({ match: {}, response, ...(slow ? { latency: 100, chunkSize: 4 } : {}) });
  await mock.start();
  const passing: Passing[] = [];
  const emit = (one: Passing) => void passing.push(one);
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-pi-'));
  const named = instead === undefined ? program : await wrapped(folder, instead.replaceAll('%pi%', program));
  const stage = await setStage({ environment: { BUTLER_PI: named }, emit, serve: !idle });
  const { store, secrets, renewProviders } = stage.butler;
  const config = { name: 'mock', kind, title: 'Mock', baseUrl: mock.url + behind };
  const own = Ability.parse({
    ...{ id: 'piper', name: 'Piper', origin: 'user', created: 0, updated: 0 },
    ...{ provider: 'mock', model: 'mock-model', runtime: 'pi' },
    ...ability,
  });
  const person = { stream: adminStream, actor: 'person:test' } as const;
  await secrets.set(secretOf(config), 'sk-test');
  await store.append([
    { ...person, type: 'provider.saved', data: { config } },
    { ...person, type: 'ability.saved', data: { ability: own } },
  ]);
  await renewProviders();
  return {
    ...stage,
    passing,
    requests: () => bodies,
    close: async () => {
      await stage.close();
      await mock.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function wrapped(folder: string, script: string): Promise<string> {
  const file = path.join(folder, 'wrapped-pi');
  await writeFile(file, `#!/bin/bash\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function notSet(): never {
  throw new Error('The test has set no stage.');
}
