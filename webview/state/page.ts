import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Ability } from '../../server/protocol/ability.ts';
import type { Deliverable } from '../../server/protocol/deliverable.ts';
import type { Failure } from '../../server/protocol/failure.ts';
import type { UndoReport } from '../../server/protocol/job.ts';
import type { ResultOf } from '../../server/protocol/message.ts';
import type { WorkerState } from '../../server/protocol/page.ts';
import type { listPlaybooks } from '../../server/protocol/plan.ts';
import type { Mode } from '../../server/protocol/policy.ts';
import type { ProviderInfo } from '../../server/protocol/provider.ts';
import type { Session } from '../../server/protocol/session.ts';
import { type Text, texts } from '../strings.ts';
import type { Commands } from './commands.ts';
import type { Conversation } from './conversation.ts';
import type { GoingBack } from './goingBack.ts';
import type { Kept } from './host.ts';

export type PlaybookLine = ResultOf<typeof listPlaybooks>['playbooks'][number];

/** Something to say about what a person did, until it is dismissed. */
export type Notice =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'said'; readonly text: string }
  | {
      /** What could not be taken back or done again, because the world has moved on. */
      readonly kind: 'conflicts';
      /** So many others were. */
      readonly done: number;
      readonly conflicts: UndoReport['conflicts'];
    };

/** A file of a deliverable to look at. */
export interface LookAt {
  readonly deliverable: Deliverable;
  readonly path: string;
}

/** All that the page shows, as signals; who is shown what is decided by the views alone. */
export interface PageState {
  /** `null` until the extension spoke first. */
  readonly worker: Signal<WorkerState | null>;
  /** What went wrong when the worker stopped. */
  readonly stopped: Signal<Failure | null>;
  readonly strings: Signal<Readonly<Record<string, string>>>;
  readonly text: ReadonlySignal<Text>;
  /** What the worker says in the person's language, by its English templates. */
  readonly sentences: Signal<Readonly<Record<string, string>>>;
  readonly language: string;
  /** Whether it shows nothing but a deliverable, in a tab of its own. */
  readonly alone: boolean;
  /** The deliverable that it then shows, from a file on. */
  readonly look: Signal<LookAt | null>;
  /** `null` until they were listed once. */
  readonly abilities: Signal<readonly Ability[] | null>;
  readonly sessions: Signal<readonly Session[] | null>;
  /** Sessions with a question that waits. */
  readonly waiting: Signal<ReadonlySet<string>>;
  /** Questions whose buttons are in sight. */
  readonly inSight: Signal<ReadonlySet<string>>;
  readonly playbooks: Signal<readonly PlaybookLine[]>;
  /** `null` until they were listed once. */
  readonly providers: Signal<readonly ProviderInfo[] | null>;
  readonly conversation: Signal<Conversation | null>;
  /** How much a job asks whose person chose nothing else for it. */
  readonly mode: Signal<Mode>;
  /** What is taken back or done again just now. */
  readonly goingBack: Signal<readonly GoingBack[]>;
  /** The commands that agents started, by execution. */
  readonly commands: Signal<Commands>;
  /** Executions whose publications lost their place in the world to later ones of any session. */
  readonly replaced: Signal<ReadonlySet<string>>;
  /** Small pictures of the images that a person gave to this page, by digest. */
  readonly thumbs: Signal<Readonly<Record<string, string>>>;
  /** Images that are being read just now. */
  readonly adding: Signal<number>;
  readonly notice: Signal<Notice | null>;
  /** The address that a person is asked about. */
  readonly link: Signal<string | null>;
  /** Whether the extension has not answered for long. */
  readonly silent: Signal<boolean>;
  /** What was said to the screen reader last. */
  readonly polite: Signal<string>;
  readonly assertive: Signal<string>;
  readonly kept: Signal<Kept>;
}

/** The page before anything came. */
export function newPage(kept: Kept, language: string, alone = false): PageState {
  const strings = signal<Readonly<Record<string, string>>>({});
  const sentences = signal<Readonly<Record<string, string>>>({});
  return {
    worker: signal<WorkerState | null>(null),
    stopped: signal<Failure | null>(null),
    strings,
    sentences,
    text: computed(() => texts(strings.value, sentences.value)),
    language,
    alone,
    look: signal<LookAt | null>(null),
    abilities: signal<readonly Ability[] | null>(null),
    sessions: signal<readonly Session[] | null>(null),
    waiting: signal<ReadonlySet<string>>(new Set()),
    inSight: signal<ReadonlySet<string>>(new Set()),
    playbooks: signal<readonly PlaybookLine[]>([]),
    providers: signal<readonly ProviderInfo[] | null>(null),
    conversation: signal<Conversation | null>(null),
    mode: signal<Mode>('ask'),
    goingBack: signal<readonly GoingBack[]>([]),
    commands: signal<Commands>({}),
    replaced: signal<ReadonlySet<string>>(new Set()),
    thumbs: signal(thumbsOf(kept)),
    adding: signal(0),
    notice: signal<Notice | null>(null),
    link: signal<string | null>(null),
    silent: signal(false),
    polite: signal(''),
    assertive: signal(''),
    kept: signal(kept),
  };
}

function thumbsOf({ images }: Kept): Record<string, string> {
  const all = Object.values(images).flat();
  return Object.fromEntries(all.map(({ image, thumb }) => [image.digest, thumb]));
}
