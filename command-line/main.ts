const words = process.argv.slice(2);

// The assembler is a bundle of its own: reading all the others would take longer than many a source.
if (words[0] === 'as') {
  const { runAs } = require('./as-command') as typeof import('./as-command');
  runAs(words.slice(1));
} else {
  const { runCommand } = require('./commands') as typeof import('./commands');
  runCommand(words);
}
