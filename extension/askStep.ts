import {
  type CancellationToken,
  CancellationTokenSource,
  type Disposable,
  l10n,
  QuickInputButtons,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  window,
} from 'vscode';
import type { Choice, Place, Reply, Step } from './wizard.ts';

/** Shows one question of a wizard as a quick input, with its number and the way back. */
export function askStep(title: string): (step: Step, place: Place) => Promise<Reply> {
  return (step, place) => {
    switch (step.kind) {
      case 'pick':
        return askPick(title, step, place);
      case 'many':
        return askMany(title, step, place);
      case 'text':
        return askText(title, step, place);
    }
  };
}

/** Asks one question alone; `undefined` when it was broken off. */
export async function askOnce(title: string, step: Step, before?: string): Promise<string | undefined> {
  const reply = await askStep(title)(step, { step: 1, of: 1, before });
  return typeof reply === 'object' ? reply.answer : undefined;
}

/** Lets a person choose one of some rows, of which Enter takes `first`; `undefined` when it was broken off. */
export function choose(
  title: string,
  question: string,
  choices: readonly Choice[],
  first?: string,
): Promise<string | undefined> {
  return askOnce(title, { kind: 'pick', key: 'choice', question, choices }, first);
}

/** Shows that something is under way; a person who leaves before it ends calls it off, and gets `undefined`. */
export function whileWaiting<T>(
  title: string,
  text: string,
  work: (left: CancellationToken) => Promise<T>,
): Promise<T | undefined> {
  const leaving = new CancellationTokenSource();
  const pick = window.createQuickPick<Row>();
  pick.title = l10n.t('Butler: {0}', title);
  pick.placeholder = text;
  pick.busy = true;
  pick.ignoreFocusOut = true;
  pick.items = [{ label: `$(loading~spin) ${text}`, value: null, alwaysShow: true }];
  return new Promise<T | undefined>((settle) => {
    pick.onDidHide(() => {
      leaving.cancel();
      settle(undefined);
    });
    void work(leaving.token).then(settle);
    pick.show();
  }).finally(() => {
    pick.dispose();
    leaving.dispose();
  });
}

interface Row extends QuickPickItem {
  readonly value: string | null;
}

function askPick(title: string, step: Extract<Step, { kind: 'pick' }>, place: Place): Promise<Reply> {
  const pick = window.createQuickPick<Row>();
  pick.placeholder = step.question;
  pick.matchOnDescription = true;
  const fill = offering(pick, step, place.before);
  if (step.later) {
    pick.busy = true;
    void step.later().then((choices) => {
      fill(choices);
      pick.busy = false;
    });
  }
  return ask(pick, title, place, (settle) => {
    pick.onDidAccept(() => {
      const value = pick.selectedItems[0]?.value ?? null;
      if (value !== null) settle({ answer: value });
    });
    pick.onDidTriggerButton(() => settle('back'));
  });
}

/** Lets a person tick any number of rows. */
function askMany(title: string, step: Extract<Step, { kind: 'many' }>, place: Place): Promise<Reply> {
  const pick = window.createQuickPick<Row>();
  pick.placeholder = step.question;
  pick.canSelectMany = true;
  pick.items = step.choices.map((choice) => ({ ...choice }));
  const before = place.before ?? '';
  pick.selectedItems = pick.items.filter(
    ({ value }) => value !== null && before.includes(JSON.stringify(value)),
  );
  return ask(pick, title, place, (settle) => {
    pick.onDidAccept(() => {
      const values = pick.selectedItems.map(({ value }) => value);
      if (values.length > 0) settle({ answer: JSON.stringify(values) });
      else if (!step.needed) settle({ answer: '' });
    });
    pick.onDidTriggerButton(() => settle('back'));
  });
}

/** Shows the choices of a step, with what the person types as one of them; answers how to show others. */
function offering(
  pick: QuickPick<Row>,
  { choices, typed }: Extract<Step, { kind: 'pick' }>,
  before: string | undefined,
): (choices: readonly Choice[]) => void {
  const at = { choices };
  const show = () => {
    const text = pick.value.trim();
    const own = typed && text !== '' && !at.choices.some(({ value }) => value === text) ? [typed(text)] : [];
    pick.items = rowsOf([...at.choices, ...own]);
  };
  /** Where nothing was chosen before, the first row is the one that Enter takes. */
  const activate = (value: string | null | undefined) => {
    const row = pick.items.find((one) => one.value !== null && one.value === value);
    if (row) pick.activeItems = [row];
  };
  show();
  activate(before);
  if (typed) pick.onDidChangeValue(show);
  return (others) => {
    const active = pick.activeItems[0]?.value ?? before;
    at.choices = others;
    show();
    activate(active);
  };
}

/** The rows of some choices, each group under its heading. */
function rowsOf(choices: readonly Choice[]): Row[] {
  return choices.flatMap(({ group, ...choice }, at) => {
    const heading = group !== undefined && group !== choices[at - 1]?.group ? [group] : [];
    return [
      ...heading.map((label): Row => ({ label, kind: QuickPickItemKind.Separator, value: null })),
      { ...choice },
    ];
  });
}

function askText(title: string, step: Extract<Step, { kind: 'text' }>, place: Place): Promise<Reply> {
  const box = window.createInputBox();
  box.value = place.before ?? step.value ?? '';
  box.prompt = step.question;
  box.placeholder = step.hint;
  box.password = step.secret ?? false;
  return ask(box, title, place, (settle) => {
    box.onDidChangeValue((text) => {
      box.validationMessage = step.wrong(text) ?? undefined;
    });
    box.onDidAccept(() => {
      const wrong = step.wrong(box.value);
      if (wrong === null) settle({ answer: box.value });
      else box.validationMessage = wrong;
    });
    box.onDidTriggerButton(() => settle('back'));
  });
}

interface Input extends Disposable {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  ignoreFocusOut: boolean;
  buttons: readonly (typeof QuickInputButtons.Back)[];
  onDidHide: (listener: () => void) => Disposable;
  show(): void;
}

function ask(
  input: Input,
  title: string,
  { step, of }: Place,
  listen: (settle: (reply: Reply) => void) => void,
): Promise<Reply> {
  input.title = l10n.t('Butler: {0}', title);
  input.step = of > 1 ? step : undefined;
  input.totalSteps = of > 1 ? of : undefined;
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [QuickInputButtons.Back] : [];
  return new Promise<Reply>((settled) => {
    listen(settled);
    input.onDidHide(() => settled('cancel'));
    input.show();
  }).finally(() => input.dispose());
}
