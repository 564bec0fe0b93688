import type { Behaviour } from './behaviour';
import { BUCKETS } from './buckets';
import { CHECKSUMS } from './checksums';
import { CHUNKED } from './chunked';
import { CONDITIONAL } from './conditional';
import { DELETES } from './delete';
import { ERRORS } from './errors';
import { IAM } from './iam';
import { LISTINGS } from './listings';
import { MULTIPART } from './multipart';
import { OBJECTS, RANGED_READS } from './objects';
import { POLICIES } from './policies';
import { SESSIONS } from './sessions';
import { SIGNATURES } from './signatures';

/** The conformance list. Each row is run by the same code against every system that the project knows. */
export const CONFORMANCE: readonly Behaviour[] = [
  ...ERRORS,
  ...SIGNATURES,
  ...OBJECTS,
  ...RANGED_READS,
  ...CONDITIONAL,
  ...LISTINGS,
  ...MULTIPART,
  ...CHECKSUMS,
  ...CHUNKED,
  ...DELETES,
  ...BUCKETS,
  ...POLICIES,
  ...SESSIONS,
  ...IAM,
];
