import { type Disposable, l10n, QuickInputButtons, type QuickPickItem, window } from 'vscode';
import type { Place, Reply, Step } from './wizard.ts';

/** Shows one question of a wizard as a quick input, with its number and the way back. */
export function askStep(title: string): (step: Step, place: Place) => Promise<Reply> {
  return (step, place) => (step.kind === 'pick' ? askPick(title, step, place) : askText(title, step, place));
}

interface Row extends QuickPickItem {
  readonly value: string;
}

function askPick(title: string, step: Extract<Step, { kind: 'pick' }>, place: Place): Promise<Reply> {
  const pick = window.createQuickPick<Row>();
  pick.items = step.choices.map((choice): Row => ({ ...choice }));
  pick.activeItems = pick.items.filter(({ value }) => value === place.before);
  pick.placeholder = step.question;
  pick.matchOnDescription = true;
  return ask(pick, title, place, (settle) => {
    pick.onDidAccept(() => {
      const [row] = pick.selectedItems;
      if (row) settle({ answer: row.value });
    });
    pick.onDidTriggerButton(() => settle('back'));
  });
}

function askText(title: string, step: Extract<Step, { kind: 'text' }>, place: Place): Promise<Reply> {
  const box = window.createInputBox();
  box.value = place.before ?? step.value ?? '';
  box.prompt = step.question;
  box.placeholder = step.hint;
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
  input.step = step;
  input.totalSteps = of;
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [QuickInputButtons.Back] : [];
  return new Promise<Reply>((settled) => {
    listen(settled);
    input.onDidHide(() => settled('cancel'));
    input.show();
  }).finally(() => input.dispose());
}
