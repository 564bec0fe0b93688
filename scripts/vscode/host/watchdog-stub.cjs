// Stands in for @vscode/native-watchdog: ends this process when the one it is told to watch is gone.
exports.start = pid => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 1000).unref();
};
exports.exit = code => process.exit(code || 0);
