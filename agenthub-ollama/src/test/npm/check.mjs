// Asks a server everything that the client of Ollama's authors can ask, and fails at the first answer it does not understand.
import assert from 'node:assert/strict';
import { Ollama } from 'ollama';

const ollama = new Ollama({ host: process.argv[2] });
const model = process.argv[3];
const messages = [{ role: 'system', content: 'Improve.' }, { role: 'user', content: 'why?' }];

async function collect(stream, text) {
  let whole = '';
  let last;
  for await (const part of stream) {
    whole += text(part);
    last = part;
  }
  return [whole, last];
}

const chat = await ollama.chat({ model, messages, options: { temperature: 0.3 }, keep_alive: '5m' });
assert.equal(chat.message.content, 'Improved: why?');
assert.equal(chat.message.role, 'assistant');
assert.equal(chat.message.thinking, 'Hmm.');
assert.equal(chat.done, true);
assert.equal(chat.done_reason, 'stop');
assert.equal(typeof chat.eval_count, 'number');

const [chatted, lastChat] = await collect(await ollama.chat({ model, messages, stream: true }), p => p.message.content);
assert.equal(chatted, 'Improved: why?');
assert.equal(lastChat.done, true);

const plain = await ollama.chat({ model, messages, think: false });
assert.equal(plain.message.thinking, undefined);

const generated = await ollama.generate({ model, prompt: 'why?', system: 'Improve.' });
assert.equal(generated.response, 'Improved: why?');
assert.equal(generated.thinking, 'Hmm.');

const [streamed, lastPart] = await collect(await ollama.generate({ model, prompt: 'why?', stream: true }), p => p.response);
assert.equal(streamed, 'Improved: why?');
assert.equal(lastPart.done_reason, 'stop');

const loaded = await ollama.generate({ model, prompt: '' });
assert.equal(loaded.done_reason, 'load');

const { models } = await ollama.list();
assert.deepEqual(models.map(m => m.name), [model]);
assert.equal(models[0].details.parameter_size, '3.2B');

const shown = await ollama.show({ model });
assert.ok(shown.capabilities.includes('completion'));
assert.equal(shown.model_info['general.architecture'], 'llama');

const embedded = await ollama.embed({ model, input: ['blue sky', 'sky blue'] });
assert.equal(embedded.embeddings.length, 2);
assert.deepEqual(embedded.embeddings[0], embedded.embeddings[1]);

const [, pulled] = await collect(await ollama.pull({ model: 'phi3:mini', stream: true }), () => '');
assert.equal(pulled.status, 'success');
assert.equal((await ollama.pull({ model: 'phi3:mini' })).status, 'success');
await assert.rejects(
  async () => collect(await ollama.pull({ model: 'missing', stream: true }), () => ''),
  /file does not exist/);

assert.equal((await ollama.version()).version, '0.17.1');

for (const stream of [false, true]) {
  await assert.rejects(
    () => ollama.chat({ model: 'nope', messages, stream }),
    error => error.status_code === 404 && error.message === "model 'nope' not found");
}

console.log('understood');
