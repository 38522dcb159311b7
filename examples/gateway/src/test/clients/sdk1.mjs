// The TypeScript SDK 1.x: the session client that is deployed everywhere. See steps.mjs.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { CAPABILITIES, elicited, report, sampled, target, walk } from './steps.mjs';

const { url, era, journal } = target('legacy');
await report('@modelcontextprotocol/sdk 1.32.2', era, async () => {
  const client = new Client({ name: 'agenthub-sdk1', version: '1.0.0' }, { capabilities: CAPABILITIES });
  const asked = { elicit: 0, sample: 0 };
  client.setRequestHandler(ElicitRequestSchema, async request => (asked.elicit++, elicited(request.params)));
  client.setRequestHandler(CreateMessageRequestSchema, async () => (asked.sample++, sampled()));
  client.setRequestHandler(ListRootsRequestSchema, async () => ({ roots: [] }));
  const transport = new StreamableHTTPClientTransport(url);
  await client.connect(transport);
  try {
    return await walk(
      {
        asked,
        listTools: () => client.listTools(),
        listResources: () => client.listResources(),
        listPrompts: () => client.listPrompts(),
        callTool: (call, options) => client.callTool(call, undefined, options)
      },
      journal
    );
  } finally {
    await transport.terminateSession();
    await client.close();
  }
});
