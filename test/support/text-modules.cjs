// Lets a test import an assembly source as text, as esbuild's text loader does in the bundles.
const fs = require('node:fs');
for (const ending of ['.S', '.s']) {
  require.extensions[ending] = (module, file) => {
    module.exports = fs.readFileSync(file, 'utf8');
  };
}
