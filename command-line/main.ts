/** The assembler is in a bundle of its own: most of its time on a small source would be that of reading the machine. */
const [command, ...words] = process.argv.slice(2);
if (command === 'as') void import('./as-command').then(({ runAs }) => runAs(words));
else void import('./commands').then(({ runCommand }) => runCommand(process.argv.slice(2)));
