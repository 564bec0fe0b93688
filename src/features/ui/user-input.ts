import type * as vscode from 'vscode';

/** What came of a question: an answer, one step back, or the end of the asking. */
export type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'cancel' };

/** Where a question stands in a flow; its presence shows the step count, and a back button from the second on. */
export interface StepPlace {
  readonly step: number;
  readonly totalSteps: number;
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A heading above this choice. */
  readonly group?: string;
  readonly value: T;
}

export interface PickQuestion<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** The choice that is highlighted at first. */
  readonly active?: T;
  readonly place?: StepPlace;
  /** Turns typed text that is none of the choices into one; undefined where it isn't valid. */
  readonly typed?: (text: string) => Choice<T> | undefined;
  /** Why typed text can't be taken, shown where `typed` gives nothing. */
  readonly problem?: (text: string) => string | undefined;
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  /** What the box holds at first. */
  readonly value?: string;
  readonly place?: StepPlace;
  /** Why the text can't be taken; undefined where it can. Called at every key. */
  readonly validate?: (text: string) => string | undefined;
}

export interface FolderQuestion {
  readonly title: string;
  readonly openLabel: string;
  readonly defaultUri?: vscode.Uri;
}

/** Everything that asks a person something, so that a test can answer instead. */
export interface UserInput {
  pick<T>(question: PickQuestion<T>): Promise<Answer<T>>;
  text(question: TextQuestion): Promise<Answer<string>>;
  folder(question: FolderQuestion): Promise<vscode.Uri | undefined>;
}

/** Passes every question on to whoever answers at the moment. */
export class SwitchableInput implements UserInput {
  constructor(public current: UserInput) {}

  pick<T>(question: PickQuestion<T>): Promise<Answer<T>> {
    return this.current.pick(question);
  }

  text(question: TextQuestion): Promise<Answer<string>> {
    return this.current.text(question);
  }

  folder(question: FolderQuestion): Promise<vscode.Uri | undefined> {
    return this.current.folder(question);
  }
}
