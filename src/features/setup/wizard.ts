import type { Answer, StepPlace } from '../ui/user-input';

/** One question of a flow over the answers `S`: it returns the answers with its own one in them. */
export interface Step<S> {
  /** Whether the question is asked at all, by the answers before it. */
  readonly applies?: (answers: S) => boolean;
  ask(answers: S, place: StepPlace): Promise<Answer<S>>;
}

/**
 * Asks one question after the other. "Back" returns to the question before, with everything answered so far kept.
 * Undefined where the person gave up; `onAnswer` sees each state, so that a later start can begin from it.
 */
export async function runWizard<S>(
  steps: readonly Step<S>[],
  initial: S,
  onAnswer: (answers: S) => void = () => undefined,
): Promise<S | undefined> {
  let answers = initial;
  let at = 0;
  for (;;) {
    const asked = steps.filter(step => step.applies?.(answers) ?? true);
    const step = asked[at];
    if (!step) return answers;
    const answer = await step.ask(answers, { step: at + 1, totalSteps: asked.length });
    if (answer.kind === 'cancel') return undefined;
    if (answer.kind === 'back') {
      at = Math.max(0, at - 1);
      continue;
    }
    answers = answer.value;
    onAnswer(answers);
    at++;
  }
}
