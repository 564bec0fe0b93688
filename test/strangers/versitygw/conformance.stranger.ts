import { describeConformance } from '../conformance/suite';
import { VERSITYGW_DIFFERENCES, VERSITYGW_LACKS } from './differences';
import { startGatewayBackend } from './gateway';

describeConformance({
  name: 'versitygw',
  start: startGatewayBackend,
  differences: VERSITYGW_DIFFERENCES,
  lacks: VERSITYGW_LACKS,
});
