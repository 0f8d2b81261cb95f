import * as z from 'zod';
import { Budget, defaultBudget } from './cost.ts';
import { Nothing, request } from './message.ts';
import { ModelChoice } from './provider.ts';

/** What a person decides for all Abilities; kept in the store, so that every window and the terminal share it. */
export const Settings = z.strictObject({
  /** Where to go on, in this order, when an Ability's own provider does not answer. */
  fallbacks: z.array(ModelChoice).max(8),
  /** Whether a job of a local provider may go on in the cloud (never without this consent). */
  cloudFallback: z.boolean(),
  /** The fast model that chooses specialists; `null` takes the Ability's own. */
  fast: ModelChoice.nullable(),
  budget: Budget,
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
