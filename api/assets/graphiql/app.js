// GraphiQL with a form to sign in. The tokens live in this tab only and are gone when it is closed.
"use strict";

const START = `# Sign in above, then press the play button.
# The documentation of every type is behind the book on the left.
{
  __typename
}
`;

const signIn = document.getElementById("sign-in");
const signOut = document.getElementById("sign-out");
const note = document.getElementById("note");
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
const SESSION = "session { accessToken refreshToken expiresAt } errors { message }";

let session = JSON.parse(sessionStorage.getItem("fairfall-session") || "null");
let mounted = 0;

function keep(next) {
  session = next;
  if (next) sessionStorage.setItem("fairfall-session", JSON.stringify(next));
  else sessionStorage.removeItem("fairfall-session");
}

function bearer() {
  return session ? { authorization: `Bearer ${session.accessToken}` } : {};
}

async function call(name, type, input) {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${SESSION} } }`;
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const answer = await response.json();
  const payload = answer.data && answer.data[name];
  const errors = answer.errors || (payload && payload.errors) || [];
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join("; "));
  if (!payload || !payload.session) throw new Error("the server did not open a session");
  return payload.session;
}

// One renewal at a time: a refresh token is used once.
let renewal = null;
async function renewed() {
  if (!session || new Date(session.expiresAt) - Date.now() > 30000) return;
  renewal = renewal || call("sessionRefresh", "SessionRefreshInput", { refreshToken: session.refreshToken })
    .then((next) => keep({ ...next, email: session.email }))
    .catch(() => {
      keep(null);
      show("the session has ended: sign in again");
    })
    .finally(() => {
      renewal = null;
    });
  await renewal;
}

const socket = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/graphql/ws`;
const wsClient = graphqlWs.createClient({
  url: socket,
  lazy: true,
  connectionParams: async () => {
    await renewed();
    return bearer();
  },
});
const fetcher = GraphiQL.createFetcher({ url: "/graphql", wsClient });

async function send(params, options = {}) {
  await renewed();
  return fetcher(params, { ...options, headers: { ...bearer(), ...options.headers } });
}

function show(message) {
  note.textContent = message || "";
  signIn.hidden = session !== null;
  signOut.hidden = session === null;
  document.getElementById("who").textContent = session ? session.email : "";
  mounted += 1;
  // A new key mounts GraphiQL anew, so that it reads the schema as the new viewer.
  root.render(React.createElement(GraphiQL, { key: mounted, fetcher: send, defaultQuery: START, shouldPersistHeaders: false }));
}

signIn.addEventListener("submit", async (event) => {
  event.preventDefault();
  const email = signIn.elements.email.value;
  try {
    const next = await call("sessionCreate", "SessionCreateInput", { email, password: signIn.elements.password.value });
    keep({ ...next, email });
    signIn.reset();
    wsClient.terminate();
    show();
  } catch (error) {
    note.textContent = error.message;
  }
});

signOut.addEventListener("submit", (event) => {
  event.preventDefault();
  keep(null);
  wsClient.terminate();
  show();
});

show();
