/** The language server alone, on stdio: `riscv-ftrace-language-server --stdio`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { workerCheck } from './diagnostics/worker-check';
import { startServer } from './server';
import { keepHeapSmall } from './small-heap';
import { nodeFileAccess } from './workspace/node-file-access';

keepHeapSmall();
const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
const documentation = pathToFileURL(join(__dirname, '../docs/checks')).href;
const background = workerCheck(join(__dirname, 'language-server-worker.js'));
startServer(createConnection(ProposedFeatures.all), { files: nodeFileAccess, version, background, documentation });
