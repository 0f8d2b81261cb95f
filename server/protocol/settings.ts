import * as z from 'zod';
import { Budget, defaultBudget } from './cost.ts';
import { Nothing, request } from './message.ts';
import { ModelChoice } from './provider.ts';

/** How much may be kept to take things back. */
export const UndoLimit = z.strictObject({ megabytes: z.int().min(0).max(1_000_000) });
export type UndoLimit = z.infer<typeof UndoLimit>;

/** What holds before a person said how much may be kept to take things back. */
export const defaultUndo: UndoLimit = { megabytes: 2000 };

/** What a person decides for all Abilities; kept in the store, so that every window and the terminal share it. */
export const Settings = z.strictObject({
  /** Where to go on, in this order, when an Ability's own provider does not answer. */
  fallbacks: z.array(ModelChoice).max(8),
  /** Whether a job of a local provider may go on in the cloud (never without this consent). */
  cloudFallback: z.boolean(),
  /** The fast model that chooses specialists; `null` takes the Ability's own. */
  fast: ModelChoice.nullable(),
  budget: Budget,
  /** How much may be kept to take things back, beyond which the oldest goes; absent means the default. */
  undo: UndoLimit.optional(),
});
export type Settings = z.infer<typeof Settings>;

/** What holds before a person set anything. */
export const defaultSettings: Settings = {
  fallbacks: [],
  cloudFallback: false,
  fast: null,
  budget: defaultBudget,
};

export const readSettings = request('butler/settings/read', {
  from: 'client',
  page: true,
  does: 'Reads the settings that all Abilities share.',
  params: Nothing,
  result: Settings,
});

export const saveSettings = request('butler/settings/save', {
  from: 'client',
  page: false,
  does: 'Changes some of the settings; what is absent stays.',
  params: z.strictObject({ change: Settings.partial() }),
  result: Settings,
});

export const settingsMessages = [readSettings, saveSettings];
