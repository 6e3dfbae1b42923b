// Runs one operation over the public graphql-transport-ws client.
//
//   node subscribe.mjs WS_URL QUERY [VARIABLES_JSON] [--token TOKEN] [--count N] [--timeout-ms N]
//
// Prints one JSON line for each thing that happens:
//   {"connected":true}                      the server acknowledged the connection
//   {"next":{"data":...}}                   one event
//   {"error":...}                           the operation failed: a list of GraphQL errors, or a message
//   {"close":{"code":4401,"reason":"..."}}  the socket closed; the last line when it happens
//   {"timeout":true}                        the time was over
// Ends with 0 after N events, or when the operation completed without --count; with 1 on error, close or timeout.
import { parseArgs } from 'node:util';
import { load, refuse } from './packages.mjs';

const { createClient } = load('graphql-ws');
const { WebSocket } = load('ws');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { token: { type: 'string' }, count: { type: 'string' }, 'timeout-ms': { type: 'string', default: '30000' } },
});
const [url, query, variablesJson] = positionals;
if (!url || !query) refuse('usage: node subscribe.mjs WS_URL QUERY [VARIABLES_JSON] [--token TOKEN] [--count N] [--timeout-ms N]');
const variables = variablesJson ? JSON.parse(variablesJson) : undefined;
const count = values.count === undefined ? Infinity : Number(values.count);
const timeoutMs = Number(values['timeout-ms']);
if (!(count > 0) || !(timeoutMs > 0)) refuse('--count and --timeout-ms take a number above 0');

let ending = false;

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Closes politely, then ends; a server that does not answer the close is not waited for. */
async function end(code) {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  setTimeout(() => process.exit(code), 1000).unref();
  await client.dispose();
}

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  lazy: true,
  retryAttempts: 0,
  connectionParams: values.token
    ? { authorization: values.token.startsWith('Bearer ') ? values.token : `Bearer ${values.token}` }
    : undefined,
  on: { connected: () => print({ connected: true }) },
});

let seen = 0;
const timer = setTimeout(() => {
  print({ timeout: true });
  end(1);
}, timeoutMs);
timer.unref();

client.subscribe(
  { query, variables },
  {
    next(payload) {
      if (ending) return;
      print({ next: payload });
      seen += 1;
      if (seen >= count) end(0);
    },
    error(error) {
      if (ending) return;
      if (Array.isArray(error)) print({ error });
      else if (typeof error?.code === 'number') print({ close: { code: error.code, reason: String(error.reason) } });
      else print({ error: error?.message ?? String(error) });
      end(1);
    },
    complete() {
      end(count === Infinity ? 0 : 1);
    },
  },
);
