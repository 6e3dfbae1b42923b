// Runs the conformance suite of GraphQL over HTTP against a running server.
//
//   node audit.mjs URL [TOKEN]
//
// Prints a JSON list of { id, name, status, reason? }; status is ok, notice, warn or error.
// Ends with 0 when every audit is ok, with 1 when one is not, with 2 when the suite could not run.
import { load, refuse } from './packages.mjs';

const { auditServer } = load('graphql-http');

const [url, token] = process.argv.slice(2);
if (!url) refuse('usage: node audit.mjs URL [TOKEN]');

/** The suite's requests with what this server demands of any client: a token, and on GET a header that forces a preflight. */
function fetchFn(target, init = {}) {
  const headers = new Headers(init.headers);
  if (token) headers.set('authorization', token.startsWith('Bearer ') ? token : `Bearer ${token}`);
  if ((init.method ?? 'GET') === 'GET') headers.set('fairfall-preflight', '1');
  return fetch(target, { ...init, headers });
}

let results;
try {
  await fetch(new URL('/healthz', url));
  results = await auditServer({ url, fetchFn });
} catch (error) {
  refuse(`the suite could not run against ${url}: ${error.cause?.message ?? error.message}`);
}

const report = [];
for (const { id, name, status, reason, response } of results) {
  const entry = { id, name, status };
  if (status !== 'ok') entry.reason = `${reason} (HTTP ${response?.status})`;
  report.push(entry);
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.length > 0 && report.every((entry) => entry.status === 'ok') ? 0 : 1);
