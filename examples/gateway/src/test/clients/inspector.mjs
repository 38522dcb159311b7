// The Inspector's command line, in either era. It answers no questions and cannot cancel, so it lists (strictly), calls,
// reads, gets, and then calls 200 times, eight at once. See steps.mjs for its arguments and output.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { report, target } from './steps.mjs';

const LOAD = 200;
const { url, era } = target('legacy', 'auto', 'modern');
const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/clients/launcher/build/index.js');
// It writes into the home folder.
const home = mkdtempSync(path.join(tmpdir(), 'agenthub-inspector-'));

/** Runs it once, and answers the JSON it printed. */
function inspect(...args) {
  const common = ['--cli', '--server-url', url.href, '--transport', 'http', '--protocol-era', era, '--format', 'json', '-q'];
  const child = spawn(process.execPath, [program, ...common, ...args], {
    env: { ...process.env, HOME: home, USERPROFILE: home },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let out = '';
  let complaint = '';
  child.stdout.on('data', data => (out += data));
  child.stderr.on('data', data => (complaint += data));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(`${args.join(' ')}: exit ${code}: ${complaint.trim()}`));
    });
  });
}

/** What is inside of the envelope that some versions print around a result. */
const result = json => json.result ?? json;

await report('@modelcontextprotocol/inspector 2.12.0', era, async () => {
  try {
    return await walk();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

async function walk() {
  const { tools } = result(await inspect('--method', 'tools/list', '--strict'));
  const fixture = tools.some(tool => tool.name === 'test_simple_text');
  const [tool, args, prompt] = fixture
    ? ['test_simple_text', '{}', ['test_prompt_with_arguments', 'arg1=a', 'arg2=b']]
    : ['echo', '{"message":"hello"}', ['args-prompt', 'city=Paris']];
  const call = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', args];
  const { resources } = result(await inspect('--method', 'resources/list'));
  const { prompts } = result(await inspect('--method', 'prompts/list'));
  const called = result(await inspect(...call));
  const read = result(await inspect('--method', 'resources/read', '--uri', resources[0].uri));
  const got = result(await inspect('--method', 'prompts/get', '--prompt-name', prompt[0], '--prompt-args', ...prompt.slice(1)));
  const load = result(await inspect(...call, '--load', '--load-requests', `${LOAD}`, '--load-concurrency', '8'));
  return {
    server: fixture ? 'fixture' : 'server-everything',
    listed: { tools: tools.length, resources: resources.length, prompts: prompts.length },
    called: called.content.length === 1 && called.isError !== true,
    read: read.contents.length > 0,
    got: got.messages.length > 0,
    loaded: load.ok === LOAD,
    load
  };
}
