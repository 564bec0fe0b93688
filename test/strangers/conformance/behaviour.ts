import type { World } from './world';

/** What a system does in another way than AWS's documentation says, for one reason. */
export interface DifferenceGroup {
  readonly why: string;
  /** The id of a behaviour → what is observed there instead, compared as exactly as the documented observation. */
  readonly sees: Readonly<Record<string, unknown>>;
}

/** One documented behaviour of S3, STS or IAM, and how to observe it with the official SDK's clients. */
export interface Behaviour {
  /** `room: what happens`, unique. */
  readonly id: string;
  /** The page of AWS's documentation that says so. */
  readonly docs: string;
  /** What is observed: plain data. A refusal that `run` lets through is observed as `refusal` words it. */
  run(world: World): Promise<unknown>;
  /** The observation that the documentation leads one to expect. */
  readonly expected: unknown;
}

/** Runs one behaviour; a refusal by the service is an observation, anything else that is thrown is a mistake of the test. */
export async function observe(behaviour: Behaviour, world: World): Promise<unknown> {
  try {
    return await behaviour.run(world);
  } catch (error) {
    const words = inWords(error);
    if (words === undefined) throw error;
    return words;
  }
}

/** What a call that has to be refused is refused with: `404 NoSuchKey`, or `not refused`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const words = inWords(error);
    if (words === undefined) throw error;
    return words;
  }
  return 'not refused';
}

/** `allowed`, or the status and the name with which a call was refused. */
export async function verdict(call: Promise<unknown>): Promise<string> {
  const words = await refusal(call);
  return words === 'not refused' ? 'allowed' : words;
}

/** `allowed` or `denied`: the decision alone, whatever the words. Another refusal than a 403 is told in its words. */
export async function decision(call: Promise<unknown>): Promise<string> {
  const words = await verdict(call);
  return words.startsWith('403 ') ? 'denied' : words;
}

/** The status and name of the SDK's exception; undefined for an error that is no answer of the service. */
function inWords(error: unknown): string | undefined {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === undefined ? undefined : `${$metadata.httpStatusCode} ${name}`;
}
