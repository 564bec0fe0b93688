import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Answer, FolderQuestion, PickQuestion, TextQuestion, UserInput } from '../../src/features/ui/user-input';

/** What one question is told: a text or a choice's label (or a part of it), one step back, the end, or the proposed value. */
export type Said = string | RegExp | vscode.Uri | { readonly flow: 'back' | 'cancel' | 'default' };

export const BACK: Said = { flow: 'back' };
export const CANCEL: Said = { flow: 'cancel' };
export const DEFAULT: Said = { flow: 'default' };

/** Answers questions from a script, as a person would: what a question refuses can't be answered. */
export class ScriptedInput implements UserInput {
  /** The questions that were asked, in a few words each. */
  readonly asked: string[] = [];
  /** The first thing that went wrong. A command shows what its questions throw, and would keep it from the test. */
  private failure: unknown;

  constructor(private readonly script: Said[]) {}

  /** Fails where some of the script was never asked for. */
  assertAllUsed(): void {
    if (this.failure) throw this.failure;
    assert.deepEqual(this.script, [], `never asked; asked were: ${this.asked.join(' | ')}`);
  }

  pick<T>(question: PickQuestion<T>): Promise<Answer<T>> {
    return this.remembering(() => this.answerPick(question));
  }

  text(question: TextQuestion): Promise<Answer<string>> {
    return this.remembering(() => this.answerText(question));
  }

  folder(question: FolderQuestion): Promise<vscode.Uri | undefined> {
    return this.remembering(() => this.answerFolder(question));
  }

  private answerPick<T>(question: PickQuestion<T>): Answer<T> {
    const said = this.next(question.placeholder);
    if (isFlow(said)) {
      if (said.flow !== 'default') return { kind: said.flow };
      const active = question.choices.find(choice => choice.value === question.active) ?? question.choices[0];
      assert.ok(active, `${question.placeholder} has no choices`);
      return { kind: 'value', value: active.value };
    }
    assert.ok(typeof said === 'string' || said instanceof RegExp, `${question.placeholder} is answered by a folder`);
    const choice =
      question.choices.find(({ label }) => (typeof said === 'string' ? label.includes(said) : said.test(label))) ??
      (typeof said === 'string' ? question.typed?.(said) : undefined);
    const labels = question.choices.map(({ label }) => label).join(', ');
    assert.ok(choice, `${question.placeholder}: there is no choice ${String(said)} among ${labels}`);
    return { kind: 'value', value: choice.value };
  }

  private answerText(question: TextQuestion): Answer<string> {
    const said = this.next(question.prompt);
    if (isFlow(said) && said.flow !== 'default') return { kind: said.flow };
    const text = isFlow(said) ? (question.value ?? '') : said;
    assert.ok(typeof text === 'string', `${question.prompt} is answered by something else than a text`);
    assert.equal(question.validate?.(text), undefined, `${question.prompt}: ${text}`);
    return { kind: 'value', value: text };
  }

  private answerFolder(question: FolderQuestion): vscode.Uri | undefined {
    const said = this.next(question.title);
    if (isFlow(said)) return said.flow === 'default' ? question.defaultUri : undefined;
    assert.ok(typeof said === 'object' && 'scheme' in said, `${question.title} is answered by no folder`);
    return said;
  }

  private async remembering<T>(answer: () => T): Promise<T> {
    try {
      return answer();
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  private next(question: string): Said {
    this.asked.push(question);
    const said = this.script.shift();
    assert.ok(said !== undefined, `asked more than the script answers: ${this.asked.join(' | ')}`);
    return said;
  }
}

function isFlow(said: Said): said is { flow: 'back' | 'cancel' | 'default' } {
  return typeof said === 'object' && 'flow' in said;
}
