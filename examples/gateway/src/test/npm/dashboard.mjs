// Opens the dashboard in a browser's document model, lets it run until it shows something, and prints what it shows as JSON.
// Arguments: the gateway's address, and a token to type in, if there is one.
import { createHash } from 'node:crypto';
import { JSDOM, ResourceLoader, VirtualConsole } from 'jsdom';

const [address, token] = process.argv.slice(2);
const page = await fetch(address + '/dashboard');
const html = await page.text();
const asked = [];
const errors = [];

class Nothing extends ResourceLoader {
  fetch(url) {
    asked.push(url);
    return null;
  }
}
const console_ = new VirtualConsole();
console_.on('jsdomError', error => errors.push(String(error.cause ?? error)));
console_.on('error', error => errors.push(String(error)));

const dom = new JSDOM(html, {
  url: address + '/dashboard',
  runScripts: 'dangerously',
  resources: new Nothing(),
  virtualConsole: console_,
  beforeParse(window) {
    window.fetch = (path, options) => {
      asked.push(path);
      return fetch(new URL(path, address), options);
    };
  },
});
const { document } = dom.window;
const text = selector => [...document.querySelectorAll(selector)].map(node => node.textContent);

async function until(what, condition) {
  for (let i = 0; i < 300; i++) {
    if (condition()) return;
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error(`not within 30 s: ${what}; ${JSON.stringify({ errors, asked, state: text('#state') })}`);
}

async function type(typed) {
  await until('the page asks for the token', () => !document.getElementById('login').hidden);
  document.getElementById('token').value = typed;
  document.getElementById('form').dispatchEvent(new dom.window.Event('submit', { cancelable: true }));
}

if (token) {
  await type(`“${token}”`);
  await new Promise(done => setTimeout(done, 0));
  await type(token);
}
await until('servers are shown', () => text('#servers tbody tr').length > 0);

const digest = selector => 'sha256-' + createHash('sha256').update(document.querySelector(selector).textContent).digest('base64');
console.log(JSON.stringify({
  policy: page.headers.get('content-security-policy'),
  script: digest('script'),
  style: digest('style'),
  handlers: [...document.querySelectorAll('*')].filter(node => [...node.attributes].some(a => /^on|^style$|^src$|^href$/.test(a.name))).length,
  state: text('#state'),
  servers: [...document.querySelectorAll('#servers tbody tr')].map(row => [...row.cells].map(cell => cell.textContent)),
  loops: [...document.querySelectorAll('#loops tbody tr')].map(row => row.cells[0].textContent),
  clients: [...document.querySelectorAll('#clients tbody tr')].map(row => row.cells[0].textContent),
  tiles: text('.tile span'),
  alertsHidden: document.getElementById('alerts').hidden,
  alerts: text('#alert-list li'),
  images: document.querySelectorAll('img').length,
  asked: [...new Set(asked)],
  errors,
}));
dom.window.close();
