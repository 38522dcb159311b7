// The TypeScript SDK 2.x in either era: legacy, modern (pinned), or auto, which must end up modern. See steps.mjs.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { CAPABILITIES, elicited, report, sampled, target, walk } from './steps.mjs';

const MODES = { legacy: 'legacy', auto: 'auto', modern: { pin: '2026-07-28' } };

const { url, era, journal } = target('legacy', 'auto', 'modern');
await report('@modelcontextprotocol/client 2.4.0', era, async () => {
  const client = new Client(
    { name: 'agenthub-sdk2', version: '1.0.0' },
    { capabilities: CAPABILITIES, versionNegotiation: { mode: MODES[era] } }
  );
  const asked = { elicit: 0, sample: 0 };
  client.setRequestHandler('elicitation/create', async request => (asked.elicit++, elicited(request.params)));
  client.setRequestHandler('sampling/createMessage', async () => (asked.sample++, sampled()));
  client.setRequestHandler('roots/list', async () => ({ roots: [] }));
  const transport = new StreamableHTTPClientTransport(url);
  await client.connect(transport);
  try {
    const spoken = client.getProtocolEra();
    const steps = await walk(
      {
        asked,
        listTools: () => client.listTools(),
        listResources: () => client.listResources(),
        listPrompts: () => client.listPrompts(),
        callTool: (call, options) => client.callTool(call, options)
      },
      journal
    );
    return { spoken, negotiated: spoken === (era === 'legacy' ? 'legacy' : 'modern'), ...steps };
  } finally {
    if (client.getProtocolEra() === 'legacy') await transport.terminateSession();
    await client.close();
  }
});
