// Drives the suite's client mode: the "client" under test is the gateway's bridge to HTTP servers.
//   node upstream.mjs URL            with the gateway in between: client -> gateway -> URL
//   node upstream.mjs --direct URL   without it, to see what the client alone does
// The suite says in MCP_CONFORMANCE_SCENARIO, _CONTEXT and _PROTOCOL_VERSION what to do. The gateway is started by the
// command in AGENTHUB_GATEWAY, a JSON array. Both process ids are appended to the file AGENTHUB_PIDS, for whoever cleans up.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const direct = process.argv[2] === '--direct';
const url = process.argv.at(-1);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const version = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '2025-11-25';
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const modern = version >= '2026-07-28';

/** Starts a gateway before the URL, and answers where its clients find it and how to end it. */
async function gateway() {
  const folder = mkdtempSync(path.join(tmpdir(), 'agenthub-upstream-'));
  const config = path.join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { upstream: { url } } }));
  const [program, ...args] = JSON.parse(process.env.AGENTHUB_GATEWAY);
  const child = spawn(program, [...args, '--config', config, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(resolve => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  if (process.env.AGENTHUB_PIDS) appendFileSync(process.env.AGENTHUB_PIDS, `${process.pid}\n${child.pid}\n`);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => stop().finally(() => process.exit(1)));
  try {
    return { url: `${await address(child, ended)}/mcp/upstream`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where a gateway listens, as soon as it says so. */
function address(child, ended) {
  let banner = '';
  return new Promise((resolve, reject) => {
    child.stdout.on('data', text => {
      banner += text;
      const found = /listens on (http:\S+)/.exec(banner);
      if (found) resolve(found[1]);
    });
    ended.then(code => reject(new Error(`the gateway ended: ${code}`)));
  });
}

async function connect(target) {
  const client = new Client(
    { name: 'agenthub-conformance', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: modern ? { pin: version } : 'legacy' }
    }
  );
  client.setRequestHandler('elicitation/create', async request => {
    const asked = request.params.requestedSchema?.properties ?? {};
    return { action: 'accept', content: 'confirmed' in asked ? { confirmed: true } : {} };
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(target)));
  return client;
}

async function listed(client, kind) {
  return client.getServerCapabilities()?.[kind] ? await client[`list${kind[0].toUpperCase()}${kind.slice(1)}`]() : {};
}

/** Calls what the scenario names, or every tool there is, once. */
async function callTools(client) {
  const { tools = [] } = await client.listTools();
  const byName = new Map(tools.map(tool => [tool.name, tool]));
  const calls = context.toolCalls ?? tools.map(tool => ({ name: tool.name, arguments: example(tool, byName) }));
  for (const call of calls) await client.callTool(call);
}

/** Arguments that suit the tools of the suite. */
function example(tool, byName) {
  const values = { string: 'us-west1', integer: 2, number: 3, boolean: true };
  const properties = Object.entries(tool.inputSchema?.properties ?? {});
  const given = Object.fromEntries(properties.map(([name, schema]) => [name, values[schema.type] ?? {}]));
  // This one hands a schema back as it arrived here.
  if (tool.name === 'json_schema_echo') given.schema = byName.get('json_schema_2020_12_tool').inputSchema;
  return tool.name === 'json_schema_2020_12_tool' ? { name: 'x', phone: '1', contactMethod: 'phone' } : given;
}

async function exercise(target) {
  const client = await connect(target);
  try {
    if (scenario === 'json-schema-ref-no-deref' || scenario === 'request-metadata') {
      await client.listTools();
      return;
    }
    await callTools(client);
    for (const resource of (await listed(client, 'resources')).resources ?? []) await client.readResource({ uri: resource.uri });
    for (const prompt of (await listed(client, 'prompts')).prompts ?? []) await client.getPrompt({ name: prompt.name });
  } finally {
    await client.close();
  }
}

const front = direct ? { url, stop: async () => {} } : await gateway();
try {
  await exercise(front.url);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await front.stop();
}
