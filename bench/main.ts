/** `npm run bench`: what speed costs and is worth, as ratios within one run. Each file here is one subject. */
import './assembler';
import './engine';
import './interpreter';
import './tracing';
import './untraced';
import './responsiveness';
import './programs';
import './whole-process';
import './language-server';
import './debug-info';
import './language-server-memory';
