// Preloaded (`node --require`) into processes that stay: they end when the process that started them is gone,
// however that ended. SIGTERM first, so that what they hold is released.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid === parent) return;
  setTimeout(() => process.exit(86), 2000);
  process.kill(process.pid, 'SIGTERM');
}, 1000).unref();
