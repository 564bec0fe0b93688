import { expect, it } from 'vitest';
import { listeningSockets } from '../product/listening';
import { gatewayProcesses } from './gateway';

it('listens on loopback and nowhere else', () => {
  const sockets = listeningSockets(gatewayProcesses());
  expect(sockets.length).toBeGreaterThanOrEqual(gatewayProcesses().length);
  expect(sockets.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
});
