import type { ActFilter } from '../../protocol/activity.ts';
import type { EffectKind } from '../../protocol/effect.ts';

type Outcome = NonNullable<ActFilter['outcomes']>[number];

/** What a thing that was acted on can have had done to it: nouns narrow, as "files" in "files deleted". */
export const nouns: Readonly<Record<string, readonly EffectKind[]>> = {
  ...each('file files folder folders datei dateien ordner', ['read', 'write', 'delete', 'publish']),
  ...each('mail mails email emails e-mail e-mails message messages nachricht nachrichten', ['send']),
  ...each('command commands program programs befehl befehle programm programme', ['run']),
  ...each('host hosts web internet network netz netzwerk', ['network']),
  ...each('question questions frage fragen', ['ask']),
  ...each('money geld kosten', ['spend']),
  ...each('mcp', ['mcp']),
  ...each('settings setting einstellungen einstellung', ['configure']),
};

/** What was done: verbs, one of which is enough. */
export const verbs: Readonly<Record<string, readonly EffectKind[]>> = {
  ...each('read reads gelesen gelesene las', ['read']),
  ...each(
    'written wrote write writes changed edited geschrieben geschriebene geändert geänderte bearbeitet',
    ['write'],
  ),
  ...each('deleted delete deletes removed gelöscht gelöschte entfernt', ['delete']),
  ...each('moved verschoben', ['write', 'delete']),
  ...each('run ran runs executed started ausgeführt ausgeführte gestartet', ['run']),
  ...each('fetched downloaded abgerufen geladen heruntergeladen', ['network']),
  ...each('published publish veröffentlicht veröffentlichte', ['publish']),
  ...each('sent send gesendet gesendete verschickt verschickte geschickt', ['send']),
  ...each('spent paid ausgegeben bezahlt', ['spend']),
  ...each('asked gefragt', ['ask']),
  ...each('configured eingestellt', ['configure']),
};

/** What came of it. */
export const outcomes: Readonly<Record<string, readonly Outcome[]>> = {
  ...each('denied rejected abgelehnt abgelehnte verweigert', ['denied']),
  ...each('refused zurückgewiesen', ['refused']),
  ...each('failed failing errors error fehlgeschlagen gescheitert fehler', ['failed']),
  ...each('undone rückgängig', ['undone']),
  ...each('waiting pending wartend wartende offen offene', ['waiting']),
  ...each('running laufend laufende', ['running']),
  ...each('interrupted abgebrochen', ['interrupted']),
  ...each('ok done succeeded successful erledigt erfolgreich gelungen', ['ok']),
};

/** Kinds of acts beside calls of tools, by the types of their entries. */
export const kinds: Readonly<Record<string, readonly string[]>> = {
  ...each('approved approvals approval genehmigt genehmigte genehmigungen', ['approval.decided']),
  ...each('permission permissions berechtigung berechtigungen', ['permission.changed']),
  ...each('policy rules regeln richtlinie', ['policy.changed']),
  ...each('jobs job aufträge auftrag', ['job.created']),
  ...each('keys key schlüssel', ['secret.changed']),
};

/** Who did it, after "by". */
export const actors: Readonly<Record<string, NonNullable<ActFilter['actor']>>> = {
  ...each('me you person people user mir dir menschen mensch person nutzer', 'person' as const),
  ...each('agent agents butler model modell agenten', 'agent' as const),
  ...each('worker workers system arbeiter', 'worker' as const),
};

/** Words before a name of who did it. */
export const by: ReadonlySet<string> = new Set(['by', 'von', 'vom', 'durch']);

/** Words that say nothing by themselves. */
export const fillers: ReadonlySet<string> = new Set(
  words(`a all an and any anything are at auf das dem den der die ein eine everything from gab happened have i ich in
    is list me mir mit nach of on or oder show the things to und war waren was wer what were which who with wurde
    wurden you zeig zeige acts activity alle alles an aktivitäten`),
);

export const units: Readonly<Record<string, 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'>> = {
  ...each('minute minutes minuten', 'minute' as const),
  ...each('hour hours stunde stunden', 'hour' as const),
  ...each('day days tag tage tagen tages', 'day' as const),
  ...each('week weeks woche wochen', 'week' as const),
  ...each('month months monat monate monaten monats', 'month' as const),
  ...each('year years jahr jahre jahren', 'year' as const),
};

/** Days of the week, Monday being 0. */
export const weekdays: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'monday mon montag',
    'tuesday tue dienstag',
    'wednesday wed mittwoch',
    'thursday thu donnerstag',
    'friday fri freitag',
    'saturday sat samstag sonnabend',
    'sunday sun sonntag',
  ].flatMap((names, day) => words(names).map((name) => [name, day])),
);

export const numbers: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'zero null',
    'one a an ein eine einem einer einen',
    'two couple zwei',
    'three drei',
    'four vier',
    'five fünf',
    'six sechs',
    'seven sieben',
    'eight acht',
    'nine neun',
    'ten zehn',
  ].flatMap((names, value) => words(names).map((name) => [name, value])),
);

function each<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(words(names).map((name) => [name, value]));
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
