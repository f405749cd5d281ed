import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { requireTools } from '../support/tools';

const root = resolve(__dirname, '../..');

/** What Neovim does: starts the server, opens a file, waits for diagnostics, asks for a hover and writes both down. */
const script = (file: string, output: string) => `
local server = { '${process.execPath}', '-r', 'tsx/cjs', '${join(root, 'language-server/main.ts')}', '--stdio' }
vim.cmd('cd ${root}')
vim.cmd('edit ${file}')
local id = vim.lsp.start_client({ name = 'riscv-ftrace', cmd = server, root_dir = vim.fn.fnamemodify('${file}', ':h') })
vim.lsp.buf_attach_client(0, id)
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local messages = {}
for _, each in ipairs(vim.diagnostic.get(0)) do table.insert(messages, (each.lnum + 1) .. ': ' .. each.message) end
local answer = vim.lsp.buf_request_sync(0, 'textDocument/hover',
  { textDocument = vim.lsp.util.make_text_document_params(0), position = { line = 1, character = 3 } }, 60000)
local hover = ''
for _, each in pairs(answer or {}) do hover = each.result and each.result.contents.value or vim.inspect(each) end
vim.fn.writefile({ vim.fn.json_encode({ diagnostics = messages, hover = hover }) }, '${output}')
vim.cmd('qall!')
`;

describe('language server: Neovim', () => {
  it('receives diagnostics and a hover', function () {
    requireTools(this, 'nvim');
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-neovim-'));
    try {
      const file = join(folder, 'main.s');
      const output = join(folder, 'output.json');
      writeFileSync(file, '_start:\n\taddi a0, a1, 5000\n');
      writeFileSync(join(folder, 'drive.lua'), script(file, output));
      const { status, stderr } = spawnSync('nvim', ['--headless', '--clean', '-n', '-c', `luafile ${join(folder, 'drive.lua')}`], {
        encoding: 'utf8',
        timeout: 170_000,
        env: { ...process.env, HOME: folder },
      });
      assert.equal(status, 0, stderr);
      const seen = JSON.parse(readFileSync(output, 'utf8')) as { diagnostics: string[]; hover: string };
      assert.match(seen.diagnostics[0] ?? '', /^2: .*5000/);
      assert.match(seen.hover, /addi rd, rs1, immediate/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
