// Reads /metrics as Prometheus would, and the dashboard and the rules as Grafana and Prometheus would, and tells what they name that is
// not there. Arguments: the gateway's address, the folder with the dashboard and the rules. Prints one JSON object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser as promql } from '@prometheus-io/lezer-promql';
import yaml from 'js-yaml';
import parsePrometheus from 'parse-prometheus-text-format';

const [address, folder] = process.argv.slice(2);
const OF_THE_SCRAPE = ['job', 'instance'];

const answer = await fetch(address + '/metrics');
const text = await answer.text();
const families = parsePrometheus(text);

// The parser forgets the labels of histograms; as plain series they keep them.
const plain = parsePrometheus(text.replace(/^# (HELP|TYPE) \S+_duration_seconds .*\n/gm, ''));

/** Series by name, each with the labels it can have. */
const series = new Map();
for (const family of plain) {
  series.set(family.name, new Set(family.metrics.flatMap(metric => Object.keys(metric.labels ?? {}))));
}

const used = new Set();
const wrong = [];

function check(place, written) {
  const query = written.replaceAll('$__rate_interval', '1m').replace(/\$[a-z]+/g, '.*');
  promql.parse(query).iterate({
    enter(node) {
      if (node.type.isError) wrong.push(`${place}: not PromQL at ${node.from}: ${query}`);
      if (node.name !== 'VectorSelector') return;
      const name = query.slice(node.node.getChild('Identifier').from, node.node.getChild('Identifier').to);
      used.add(name);
      if (!series.has(name)) {
        wrong.push(`${place}: ${name} is not in /metrics`);
        return;
      }
      const matchers = node.node.getChild('LabelMatchers');
      matchers?.cursor().iterate(inner => {
        const label = query.slice(inner.from, inner.to);
        if (inner.name === 'LabelName' && !OF_THE_SCRAPE.includes(label) && !series.get(name).has(label)) {
          wrong.push(`${place}: ${name} has no label ${label}`);
        }
      });
    },
  });
}

const dashboard = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8'));
for (const panel of dashboard.panels) {
  for (const target of panel.targets) check(`panel '${panel.title}'`, target.expr);
}
for (const variable of dashboard.templating.list.filter(one => one.type === 'query')) {
  check(`variable '${variable.name}'`, /^label_values\((.*), *[a-z]+\)$/.exec(variable.query)[1]);
}
const rules = yaml.load(readFileSync(join(folder, 'prometheus-rules.yml'), 'utf8')).groups.flatMap(group => group.rules);
for (const rule of rules) check(`rule '${rule.alert}'`, rule.expr);

const values = {};
for (const family of plain) {
  for (const metric of family.metrics) {
    const labels = Object.entries(metric.labels ?? {}).map(([name, value]) => `${name}=${value}`).sort();
    values[[family.name, ...labels].join(' ')] = metric.value;
  }
}
console.log(JSON.stringify({
  contentType: answer.headers.get('content-type'),
  untyped: families.filter(family => family.type === 'UNTYPED' || !family.help).map(family => family.name),
  unused: [...series.keys()].filter(name => !used.has(name)),
  used: [...used].sort(),
  panels: dashboard.panels.length,
  rules: rules.length,
  wrong,
  values,
}));
