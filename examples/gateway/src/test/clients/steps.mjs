// What every driven client does, whatever its SDK: lists, calls, elicits, samples, hears progress, cancels. The server is
// the everything server of the AgentHub TCK or the reference project's server-everything; its tools tell which.
//
// Usage of each driver: node DRIVER URL ERA [JOURNAL]. Prints one JSON line; exits with 0 if every step was right. With
// the journal of the everything server, a cancellation counts only if the server heard of it.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const ANSWER = 'forty-two';
const PATIENCE_MILLIS = 10_000;

/** Which tool does what, for each kind of server. */
const SERVERS = {
  fixture: {
    text: { name: 'test_simple_text', arguments: {}, expect: 'This is a simple text response for testing.' },
    elicit: { name: 'test_elicitation', arguments: { message: 'What is the answer?' }, expect: ANSWER },
    sample: { name: 'test_sampling', arguments: { prompt: 'What is the answer?' }, expect: ANSWER },
    progress: { name: 'test_tool_with_progress', arguments: {}, reports: 3 },
    cancel: { name: 'test_cancellation', arguments: {} }
  },
  'server-everything': {
    text: { name: 'echo', arguments: { message: 'hello' }, expect: 'hello' },
    elicit: { name: 'trigger-elicitation-request', arguments: {}, expect: ANSWER },
    sample: { name: 'trigger-sampling-request', arguments: { prompt: 'What is the answer?', maxTokens: 10 }, expect: ANSWER },
    progress: { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 }, reports: 3 },
    cancel: { name: 'trigger-long-running-operation', arguments: { duration: 30, steps: 60 } }
  }
};

export const CAPABILITIES = { elicitation: { form: {} }, sampling: {}, roots: {} };

/** How this user fills in a form. */
export function elicited(params) {
  const fields = params.requestedSchema?.properties ?? {};
  return { action: 'accept', content: 'response' in fields ? { response: ANSWER } : { name: ANSWER, check: true } };
}

/** What this model says. */
export function sampled() {
  return { role: 'assistant', model: 'none', content: { type: 'text', text: ANSWER }, stopReason: 'endTurn' };
}

/** The arguments of a driver, checked. */
export function target(...eras) {
  const [url, era, journal] = process.argv.slice(2);
  if (!url || !eras.includes(era)) {
    console.error(`Usage: node ${process.argv[1]} URL ${eras.join('|')} [JOURNAL]`);
    process.exit(64);
  }
  return { url: new URL(url), era, journal };
}

/**
 * Goes through all steps.
 *
 * @param client listTools(), listResources(), listPrompts(), callTool(call, {signal, onprogress}), and asked: how often it
 *     was asked what
 */
export async function walk(client, journal) {
  const report = {};
  const { tools } = await client.listTools();
  const names = new Set(tools.map(tool => tool.name));
  report.server = names.has('test_simple_text') ? 'fixture' : 'server-everything';
  const server = SERVERS[report.server];
  report.listed = {
    tools: tools.length,
    resources: (await client.listResources()).resources.length,
    prompts: (await client.listPrompts()).prompts.length
  };
  report.called = text(await client.callTool(server.text)).includes(server.text.expect);
  for (const [step, kind] of [['elicited', 'elicit'], ['sampled', 'sample']]) {
    const before = client.asked[kind];
    const answer = text(await client.callTool(server[kind]));
    report[step] = client.asked[kind] === before + 1 && answer.includes(server[kind].expect);
  }
  report.progress = await progress(client, server.progress);
  report.cancelled = await cancel(client, server.cancel, journal);
  report.calledAfterwards = text(await client.callTool(server.text)).includes(server.text.expect);
  return report;
}

/** All text of a result. */
function text(result) {
  return result.content.filter(block => block.type === 'text').map(block => block.text).join('\n');
}

async function progress(client, { name, arguments: args, reports }) {
  const heard = [];
  await client.callTool({ name, arguments: args }, { onprogress: report => heard.push(report.progress) });
  // The TypeScript client drops a last report that arrives together with the result, so one may be missing.
  const enough = heard.length >= reports - 1 && heard.length <= reports;
  return enough && heard.every((value, i) => i === 0 || value > heard[i - 1]);
}

async function cancel(client, { name, arguments: args }, journal) {
  const before = cancellations(journal);
  const abort = new AbortController();
  const call = client.callTool({ name, arguments: args }, { signal: abort.signal, onprogress: () => abort.abort('enough') });
  const outcome = await Promise.race([call.then(() => 'answered', () => 'aborted'), delay(PATIENCE_MILLIS, 'silent')]);
  if (outcome !== 'aborted' || !abort.signal.aborted || before === undefined) return outcome === 'aborted' && abort.signal.aborted;
  for (const deadline = Date.now() + PATIENCE_MILLIS; Date.now() < deadline; await delay(20)) {
    if (cancellations(journal) > before) return true;
  }
  return false;
}

function cancellations(journal) {
  if (!journal) return undefined;
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').filter(line => line.includes(' cancelled ')).length : 0;
}

/** Runs a driver: prints its report, and exits with 1 if anything in it is false. */
export async function report(client, era, drive) {
  let line = { client, era };
  try {
    line = { ...line, ...(await drive()) };
  } catch (error) {
    line.error = String(error?.message ?? error);
  }
  line.ok = !('error' in line) && !Object.values(line).includes(false);
  console.log(JSON.stringify(line));
  process.exit(line.ok ? 0 : 1);
}
