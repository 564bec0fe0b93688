import * as vscode from 'vscode';
import type { Answer, Choice, FolderQuestion, PickQuestion, StepPlace, TextQuestion, UserInput } from './user-input';

interface Item<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
}

/** Asks through quick picks, input boxes and dialogs of the window. */
export class WindowInput implements UserInput {
  pick<T>(question: PickQuestion<T>): Promise<Answer<T>> {
    const box = vscode.window.createQuickPick<Item<T>>();
    prepare(box, question.title, question.place);
    box.placeholder = question.placeholder;
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    const items = itemsOf(question.choices);
    box.items = items;
    const active = items.find(item => item.choice !== undefined && item.choice.value === question.active);
    if (active) box.activeItems = [active];
    return ask(box, resolve => [
      box.onDidChangeValue(text => {
        if (question.typed) box.items = [...typedItems(question, text.trim()), ...items];
      }),
      box.onDidAccept(() => {
        const choice = box.selectedItems[0]?.choice;
        if (choice) resolve({ kind: 'value', value: choice.value });
      }),
    ]);
  }

  text(question: TextQuestion): Promise<Answer<string>> {
    const box = vscode.window.createInputBox();
    prepare(box, question.title, question.place);
    box.prompt = question.prompt;
    box.placeholder = question.placeholder;
    box.value = question.value ?? '';
    const problem = () => question.validate?.(box.value.trim());
    // An empty box isn't scolded before anything was typed.
    if (box.value !== '') box.validationMessage = problem();
    return ask(box, resolve => [
      box.onDidChangeValue(() => {
        box.validationMessage = problem();
      }),
      box.onDidAccept(() => {
        box.validationMessage = problem();
        if (!box.validationMessage) resolve({ kind: 'value', value: box.value.trim() });
      }),
    ]);
  }

  async folder(question: FolderQuestion): Promise<vscode.Uri | undefined> {
    const picked = await vscode.window.showOpenDialog({
      title: question.title,
      openLabel: question.openLabel,
      defaultUri: question.defaultUri,
      canSelectFiles: false,
      canSelectFolders: true,
    });
    return picked?.[0];
  }
}

function prepare(box: vscode.QuickInput, title: string, place: StepPlace | undefined): void {
  box.title = title;
  box.ignoreFocusOut = true;
  box.step = place?.step;
  box.totalSteps = place?.totalSteps;
}

function itemsOf<T>(choices: readonly Choice<T>[]): Item<T>[] {
  const items: Item<T>[] = [];
  let group: string | undefined;
  for (const choice of choices) {
    if (choice.group !== undefined && choice.group !== group) {
      items.push({ label: choice.group, kind: vscode.QuickPickItemKind.Separator });
    }
    group = choice.group;
    items.push({ label: choice.label, description: choice.description, detail: choice.detail, choice });
  }
  return items;
}

/** What the typed text itself offers: a choice of its own, or a row that says why it isn't one. */
function typedItems<T>(question: PickQuestion<T>, text: string): Item<T>[] {
  if (text === '') return [];
  const choice = question.typed?.(text);
  if (choice) {
    return [{ label: choice.label, description: choice.description, detail: choice.detail, alwaysShow: true, choice }];
  }
  const problem = question.problem?.(text);
  return problem === undefined ? [] : [{ label: `$(error) ${text}`, detail: problem, alwaysShow: true }];
}

type Box = vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox;

function ask<T>(
  box: Pick<Box, 'buttons' | 'show' | 'dispose' | 'onDidHide' | 'onDidTriggerButton' | 'step'>,
  listen: (resolve: (answer: Answer<T>) => void) => vscode.Disposable[],
): Promise<Answer<T>> {
  if ((box.step ?? 1) > 1) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer<T>>(resolve => {
    const listeners = [
      ...listen(answer => end(answer)),
      box.onDidTriggerButton(button => {
        if (button === vscode.QuickInputButtons.Back) end({ kind: 'back' });
      }),
      box.onDidHide(() => end({ kind: 'cancel' })),
    ];
    const end = (answer: Answer<T>): void => {
      resolve(answer);
      vscode.Disposable.from(...listeners).dispose();
      box.dispose();
    };
    box.show();
  });
}
