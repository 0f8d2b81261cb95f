import * as z from 'zod';
import { Id, Nothing, request, Time } from './message.ts';

/** A target as a person chooses it. */
export const TargetInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  /** JSON Schema of its config, with a title and description for each field. */
  config: z.unknown(),
});
export type TargetInfo = z.infer<typeof TargetInfo>;

/** One thing that a target wants to know to be let in; kept with the secrets and never told again unless it is `shown`. */
export const CredentialField = z.strictObject({
  name: z.string().regex(/^[a-zA-Z]+$/),
  title: z.string(),
  description: z.string(),
  /** Whether it may stay empty. */
  optional: z.boolean().default(false),
  /** Whether it has several lines, as a private key. */
  lines: z.boolean().default(false),
  /** Whether it is no secret, as a user name or the fingerprint of a server's key; absent: it is one. */
  shown: z.boolean().optional(),
});
export type CredentialField = z.infer<typeof CredentialField>;

/** Whose credentials a target needs: they go to this one place and to no other. */
export const TargetAccount = z.strictObject({
  /** The target, who, and where: `sftp anna@example.org:22`. */
  id: z.string().min(1).max(300),
  title: z.string(),
  fields: z.array(CredentialField),
  /** How to come by them, as one sentence. */
  help: z.string(),
  /** Whether they are got by signing in with a browser. */
  signIn: z.boolean(),
});
export type TargetAccount = z.infer<typeof TargetAccount>;

/** An account that a person connected; connecting it is what lets the butler ask that place anything. */
export const ConnectedAccount = z.strictObject({
  id: z.string(),
  target: z.string(),
  title: z.string(),
  /** The names of the fields that are kept with the secrets. */
  fields: z.array(z.string()),
  /** What is kept that is no secret, by the names of its fields. */
  shown: z.record(z.string(), z.string()).optional(),
});
export type ConnectedAccount = z.infer<typeof ConnectedAccount>;

/** One thing that a check of a target looked at. */
export const TargetFinding = z.strictObject({
  good: z.boolean(),
  /** What was looked at and found, as one sentence. */
  what: z.string(),
  /** What to do about it. */
  mend: z.string().optional(),
});
export type TargetFinding = z.infer<typeof TargetFinding>;

const chosen = {
  type: z.string().min(1).max(32),
  config: z.record(z.string(), z.json()).default({}),
};

export const listTargets = request('butler/target/list', {
  from: 'client',
  page: true,
  does: 'Lists the targets and what each wants to know, and the accounts that are connected.',
  params: Nothing,
  result: z.strictObject({ targets: z.array(TargetInfo), accounts: z.array(ConnectedAccount) }),
});

export const readTargetAccount = request('butler/target/account', {
  from: 'client',
  page: false,
  does: 'Tells which account a target with this config needs, and whether it is connected; null where it needs none.',
  params: z.strictObject(chosen),
  result: z.strictObject({ account: TargetAccount.nullable(), connected: z.boolean() }),
});

export const connectTarget = request('butler/target/connect', {
  from: 'client',
  page: false,
  does: 'Keeps what a target wants to know of its account in the safest place there is.',
  params: z.strictObject({ ...chosen, values: z.record(z.string(), z.string().max(20_000)) }),
  result: z.strictObject({ where: z.string() }),
});

export const signInTarget = request('butler/target/signIn', {
  from: 'client',
  page: false,
  does: 'Signs in to the account of a target with the browser, which window/showDocument opens; answers when that is done.',
  params: z.strictObject({ ...chosen, values: z.record(z.string(), z.string().max(20_000)).default({}) }),
  result: z.strictObject({ where: z.string() }),
});

export const disconnectTarget = request('butler/target/disconnect', {
  from: 'client',
  page: false,
  does: 'Forgets what is kept of an account.',
  params: z.strictObject({ account: z.string().max(300) }),
  result: Nothing,
});

export const checkTarget = request('butler/target/check', {
  from: 'client',
  page: false,
  does: 'Tries whether a target with this config can be published to, without writing there.',
  params: z.strictObject({ ...chosen, workspace: z.string().optional() }),
  result: z.strictObject({ findings: z.array(TargetFinding) }),
});

export const linkPublication = request('butler/publication/link', {
  from: 'client',
  page: false,
  does: 'Makes a link by which whoever has it can see one file of a publication for a while; null where everybody can see it anyway, or the target makes none.',
  params: z.strictObject({ job: Id, execution: Id, path: z.string().min(1).max(1024) }),
  result: z.strictObject({ link: z.strictObject({ url: z.string(), until: Time }).nullable() }),
});

export const targetMessages = [
  listTargets,
  readTargetAccount,
  connectTarget,
  signInTarget,
  disconnectTarget,
  checkTarget,
  linkPublication,
];
