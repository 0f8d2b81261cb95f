import * as z from 'zod';
import { Nothing, notification, request } from './message.ts';
import { Mode } from './policy.ts';

/** What a client of the worker says about itself in `initializationOptions`. */
export const ClientOptions = z.object({
  /** Whether a person trusts the workspace; without trust nothing of it is read and no job runs. */
  trusted: z.boolean().default(true),
  /** How much the person wants to be asked; protected files are always asked for. */
  mode: Mode.exclude(['allow']).default('ask'),
  /** Another address of the Anthropic API; never taken from a workspace. */
  anthropicBaseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Folder of the store; by default the user's data folder. */
  storeFolder: z.string().optional(),
  /** Whether the client shows jobs and approvals itself; otherwise `window/showMessageRequest` asks and work-done progress tells. */
  approvals: z.boolean().default(false),
  /** Whether the client answers `butler/secret/get` and `butler/secret/put`. */
  secrets: z.boolean().default(false),
  /** Whether the client lends language models of its own, and answers `butler/lm/list` and `butler/lm/chat`. */
  languageModels: z.boolean().default(false),
  /** Whether the client answers `butler/editor/diagnostics` and `butler/editor/symbols`. */
  insight: z.boolean().default(false),
  /** The surface's name in the journal, as `vscode` or `neovim`. */
  surface: z
    .string()
    .regex(/^[\w.-]{1,40}$/)
    .default('lsp'),
  /** Ability that code actions use. */
  codeActionAbility: z.string().default('butler'),
});
export type ClientOptions = z.infer<typeof ClientOptions>;

export const getSecret = request('butler/secret/get', {
  from: 'worker',
  page: false,
  does: "Asks the editor's own secret storage for a value.",
  params: z.strictObject({ name: z.string() }),
  result: z.strictObject({ value: z.string().nullable() }),
});

export const putSecret = request('butler/secret/put', {
  from: 'worker',
  page: false,
  does: "Gives the editor's own secret storage a value to keep, or takes it out when it is null.",
  params: z.strictObject({ name: z.string(), value: z.string().nullable() }),
  result: Nothing,
});

const position = { line: z.int().positive(), column: z.int().positive() };

/** What an editor finds wrong in a file; lines and columns from 1. */
export const Diagnostic = z.strictObject({
  path: z.string(),
  ...position,
  severity: z.enum(['error', 'warning', 'information', 'hint']),
  message: z.string(),
  source: z.string(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

export const readDiagnostics = request('butler/editor/diagnostics', {
  from: 'worker',
  page: false,
  does: 'Asks the editor what it finds wrong, in one file by absolute path or in the whole workspace.',
  params: z.strictObject({ path: z.string().nullable() }),
  result: z.strictObject({ diagnostics: z.array(Diagnostic) }),
});

/** A symbol as an editor knows it; lines and columns from 1. */
export const EditorSymbol = z.strictObject({
  name: z.string(),
  kind: z.string(),
  container: z.string(),
  path: z.string(),
  ...position,
});
export type EditorSymbol = z.infer<typeof EditorSymbol>;

export const findSymbols = request('butler/editor/symbols', {
  from: 'worker',
  page: false,
  does: 'Asks the editor for symbols: those of one file by absolute path, or those of the workspace by name.',
  params: z.strictObject({ path: z.string().nullable(), query: z.string() }),
  result: z.strictObject({ symbols: z.array(EditorSymbol) }),
});

export const abilitiesChanged = notification('butler/ability/changed', {
  from: 'worker',
  page: true,
  does: 'The Abilities or the faults of their files changed; list them again.',
  params: Nothing,
});

/** One line of the doctor's report. */
export const Finding = z.strictObject({
  subject: z.string(),
  state: z.enum(['ok', 'note', 'wrong']),
  what: z.string(),
  mend: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const doctor = request('butler/doctor', {
  from: 'client',
  page: false,
  does: 'Checks store, key, journal, tools, Abilities and providers, and says what mends each fault; no secrets.',
  params: Nothing,
  result: z.strictObject({ findings: z.array(Finding) }),
});

export const editorMessages = [getSecret, putSecret, readDiagnostics, findSymbols, abilitiesChanged, doctor];
