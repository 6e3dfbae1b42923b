// Breaks the rules of graphql-transport-ws one by one on raw sockets and tells how the server closed each.
//
//   node protocol.mjs WS_URL [--token TOKEN] [--query QUERY] [--init-wait-ms N] [--origin ORIGIN]
//
// QUERY is a subscription that stays open (for the duplicate id); ORIGIN is one that the server must refuse.
// Prints one JSON object: fault -> { code, reason } of the close, { status } of a refused upgrade, or { silent: true }
// when the server did nothing in time. The faults that need a token, a query or an origin run only when it is given.
import { parseArgs } from 'node:util';
import { load, refuse } from './packages.mjs';

const { WebSocket } = load('ws');

const SUBPROTOCOL = 'graphql-transport-ws';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    token: { type: 'string' },
    query: { type: 'string' },
    origin: { type: 'string' },
    'init-wait-ms': { type: 'string', default: '8000' },
  },
});
const [url] = positionals;
if (!url) refuse('usage: node protocol.mjs WS_URL [--token TOKEN] [--query QUERY] [--init-wait-ms N] [--origin ORIGIN]');
const waitMs = Number(values['init-wait-ms']);
const query = values.query ?? '{ __typename }';
const authorization = values.token?.startsWith('Bearer ') ? values.token : `Bearer ${values.token}`;
const init = { type: 'connection_init', ...(values.token ? { payload: { authorization } } : {}) };
const subscribe = { type: 'subscribe', id: 'one', payload: { query } };

/**
 * Opens a socket, sends the first messages, sends the later ones after connection_ack, waits for the end.
 * An object is sent as JSON, a string or bytes as they are.
 */
function provoke({ first = [], acknowledged = [], protocols = SUBPROTOCOL, headers = {} }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocols, { headers });
    const finish = (result) => {
      clearTimeout(timer);
      resolve(result);
      socket.terminate();
    };
    const timer = setTimeout(() => finish({ silent: true }), waitMs);
    const send = (message) => socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    socket.on('open', () => first.forEach(send));
    socket.on('message', (data) => {
      if (JSON.parse(data.toString()).type === 'connection_ack') acknowledged.forEach(send);
    });
    socket.on('close', (code, reason) => finish({ code, reason: reason.toString() }));
    socket.on('unexpected-response', (_request, response) => finish({ status: response.statusCode }));
    socket.on('error', (error) => finish({ error: error.message }));
  });
}

const faults = {
  // by hand: the client itself would break off when the server picks none of what it offered
  wrongSubprotocol: { protocols: [], headers: { 'sec-websocket-protocol': 'graphql-ws' }, first: [init] },
  noSubprotocol: { protocols: [], first: [init] },
  noInit: {},
  doubleInit: { first: [init, init] },
  notJson: { first: ['not json'] },
  notAnObject: { first: ['[]'] },
  binaryMessage: { first: [Buffer.from([0, 1, 2, 3])] },
  unknownType: { first: [{ type: 'start', id: 'one' }] },
  subscribeWithoutId: { first: [init], acknowledged: [{ type: 'subscribe', payload: { query } }] },
  subscribeWithoutQuery: { first: [init], acknowledged: [{ type: 'subscribe', id: 'one', payload: {} }] },
  subscribeBeforeInit: { first: [subscribe] },
  badToken: { first: [{ type: 'connection_init', payload: { authorization: 'Bearer not.a.token' } }] },
};
if (values.token && values.query) faults.duplicateId = { first: [init], acknowledged: [subscribe, subscribe] };
if (values.origin) faults.foreignOrigin = { first: [init], headers: { origin: values.origin } };

const names = Object.keys(faults);
const results = await Promise.all(names.map((name) => provoke(faults[name])));
process.stdout.write(`${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, results[index]])), null, 2)}\n`);
process.exit(0);
