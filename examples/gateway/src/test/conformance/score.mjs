// Counts what the conformance suite wrote into a results folder:
//   node score.mjs FOLDER EXPECTED BASELINE [REVISION]
// A scenario passes if it has a success, no failure and no warning. With a REVISION only the scenarios that this
// revision requires are counted, and a few more must pass uncounted. Prints "passed/total", then every miss with its
// reason; exits with 1 if there is one, if a baseline entry is stale, or if not exactly EXPECTED scenarios were run.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const UNCOUNTED = new Set([
  'json-schema-2020-12',
  'http-header-validation',
  'http-custom-header-server-validation',
  'server-session-lifecycle'
]);
const STAMP = /^(?:server-)?(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/;

const [folder, expected, baseline, revision] = process.argv.slice(2);

/** The names or entries of one flat list in a YAML file. */
function list(file, section) {
  const entries = [];
  let inside = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\S/.test(line) && !line.startsWith('#')) inside = line.startsWith(`${section}:`);
    const entry = /^ {2}- (\S+)/.exec(line);
    if (inside && entry) entries.push(entry[1]);
  }
  return entries;
}

function required() {
  if (!revision) return undefined;
  const suite = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/@modelcontextprotocol/conformance');
  return new Set(list(path.join(suite, 'requirements', `${revision}.yaml`), 'server'));
}

const counted = required();
const known = new Map(list(baseline, 'server').map(entry => entry.split(':')));
const misses = [];
let passed = 0;
let total = 0;
for (const entry of readdirSync(folder).sort()) {
  const name = STAMP.exec(entry)?.[1];
  if (!name) continue;
  const counts = counted ? counted.has(name) : true;
  if (!counts && !UNCOUNTED.has(name)) continue;
  const checks = JSON.parse(readFileSync(path.join(folder, entry, 'checks.json'), 'utf8'));
  const bad = checks.filter(check => check.status === 'FAILURE' || check.status === 'WARNING');
  const good = bad.length === 0 && checks.some(check => check.status === 'SUCCESS');
  if (counts) {
    total += 1;
    if (good) passed += 1;
  }
  if (good && known.has(name)) misses.push(`${name}: passes now, so take it out of ${path.basename(baseline)}`);
  const unexpected = bad.filter(check => known.get(name) !== check.id);
  for (const check of unexpected) misses.push(`${name}:${check.id}: ${check.errorMessage ?? check.status}`);
  if (!good && bad.length === 0) misses.push(`${name}: nothing was checked`);
}
if (total !== Number(expected)) misses.push(`${total} scenarios were run, not ${expected}`);
console.log(`${passed}/${total}`);
for (const miss of misses) console.log(`  ${miss}`);
process.exitCode = misses.length > 0 ? 1 : 0;
