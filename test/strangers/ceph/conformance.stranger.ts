import { describeConformance } from '../conformance/suite';
import { CEPH_DIFFERENCES } from './differences';
import { gateway } from './gateway';

describeConformance({
  name: "Ceph's gateway",
  start: async () => ({ backend: gateway(), close: async () => {} }),
  differences: CEPH_DIFFERENCES,
});
