import { describeConformance } from '../conformance/suite';
import { gateway } from './gateway';

describeConformance({
  name: "Ceph's gateway",
  start: async () => ({ backend: gateway(), close: async () => {} }),
  differenceOf: ({ ceph }) => ceph,
});
