// Imported first by the scripts that a person starts: an older Node.js would otherwise fail with a riddle.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `This project needs Node.js 20.19 or later, and this is ${process.versions.node}. Install it, then run the command again.`,
  );
  process.exit(1);
}
