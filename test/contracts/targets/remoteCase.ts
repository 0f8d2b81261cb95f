import { hash, randomUUID } from 'node:crypto';
import type { Credential, Parcel, Target, TargetContext } from '../../../server/core/ports/target.ts';
import { type Behind, type FaultProxy, startFaultProxy } from '../../support/faultProxy.ts';
import type { Ground } from '../tools/ground.ts';
import { contextOf } from './parcels.ts';

/** A real server into whose folders a target publishes. */
export interface RemoteServer {
  /** The port that the target talks to, for a door in front of it. */
  readonly port: number;
  /** Where it has lines beside, for a door in front of them too. */
  readonly beside?: Behind['beside'];
  /** A config for a folder that is not there yet; through another port where one is given. */
  config(folder: string, port?: number): Record<string, unknown>;
  readonly credential: Credential;
  /** The same server for who may not write there; absent where it knows no such. */
  readonly reader?: Partial<RemoteServer>;
  /** Wrong credentials, and the kind of failure that they bring. */
  readonly wrong?: { readonly credential: Credential; readonly kind: string };
  /** The same server for who has room for 20,000 bytes only. */
  readonly full?: Partial<RemoteServer>;
  /** Everything in a folder as the server has it: the SHA-256 of each file by its path; `{}` where there is none. */
  snapshot(folder: string): Promise<Record<string, string>>;
  /** Writes there as a person would; the folder is made. */
  put(folder: string, path: string, content: string): Promise<void>;
  /** Waits until it is done with what it heard of those who left. */
  settled?(): Promise<void>;
  close(): Promise<void>;
}

/** A kind of remote folder that the suite tries. */
export interface RemoteCase {
  readonly name: string;
  readonly target: Target;
  readonly start: () => Promise<RemoteServer>;
  /** The same where it is known before the server starts. */
  readonly wrong?: { readonly credential: Credential; readonly kind: string };
  /** Whether a name may be that of a file and of a folder at once, as there are no folders. */
  readonly flat?: true;
  /** Why a file that is under way cannot be kept from arriving late; absent where files get their names at the end. */
  readonly late?: string;
  /** A config that must be refused. */
  readonly wrongConfig: Record<string, unknown>;
}

/** One folder of a server for one test, with everything to publish there. */
export interface Spot {
  readonly folder: string;
  readonly config: unknown;
  context(change?: Partial<TargetContext>): TargetContext;
  /** What stands there, our own files apart. */
  standing(): Promise<Record<string, string>>;
  /** Everything of ours that lies there beside the marker. */
  traces(): Promise<string[]>;
}

/** A fresh folder. */
export function spotOf(one: RemoteCase, server: RemoteServer, ground: Ground, port?: number): Spot {
  const folder = `site-${randomUUID().slice(0, 8)}`;
  const config = one.target.config.parse(server.config(folder, port));
  const account = one.target.account?.(config)?.id;
  return {
    folder,
    config,
    context: (change = {}) => ({
      ...contextOf(ground),
      credential: async (id) => (id === account ? server.credential : null),
      ...change,
    }),
    standing: async () => withoutOurs(await server.snapshot(folder)),
    traces: async () =>
      Object.keys(await server.snapshot(folder)).filter((path) => /^\.butler-publish(?!\.json$)/.test(path)),
  };
}

/** A door in front of every line of a server. */
export function doorTo({ port, beside }: RemoteServer): Promise<FaultProxy> {
  return startFaultProxy({ port, ...(beside ? { beside } : {}) });
}

/** What a parcel looks like where it stands. */
export function looksLike(parcel: Parcel): Record<string, string> {
  return Object.fromEntries(parcel.files.map(({ path, digest }) => [path, digest]));
}

/** The SHA-256 of a text or of bytes in hex. */
export const digestOf = (content: string | Uint8Array): string => hash('sha256', content);

function withoutOurs(all: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([path]) => !path.startsWith('.butler-publish')));
}
