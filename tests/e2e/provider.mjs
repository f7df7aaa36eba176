// A real provider of OpenID Connect beside the program, with a page on which people say who they are.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const KEYS = { RS256: ["rsa", { modulusLength: 2048 }], ES256: ["ec", { namedCurve: "P-256" }], EdDSA: ["ed25519", {}] };

function freshKey(alg) {
  const [kind, options] = KEYS[alg];
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg, kid: randomUUID() };
}

/** Everybody whom the provider knows, by their names there. */
const people = new Map();

/** Makes somebody known to the provider. */
export function known(login, claims) {
  people.set(login, { email_verified: true, ...claims });
}

/** The page that asks who is there: a form without anything that is fetched from elsewhere. */
const page = (uid) => `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Who are you?</h1>
<form method="post" action="/interaction/${uid}"><label>Name <input name="login" autofocus></label><button>Continue</button></form></html>`;

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

async function interact(provider, request, response) {
  const { uid, params, grantId } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(page(uid));
    return;
  }
  const login = (await body(request)).get("login");
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: login, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(request, response, { login: { accountId: login }, consent: { grantId: await grant.save() } });
}

/**
 * Listens on this machine. `serve` begins to answer as a provider that knows one client, anew each time: with other keys
 * and another algorithm, as if it had changed them.
 */
export async function startProvider() {
  let callback;
  let current;
  const server = createServer((request, response) => {
    if (!callback) {
      response.statusCode = 503;
      response.end();
    } else if (request.url.startsWith("/interaction/")) {
      interact(current, request, response).catch((error) => response.destroy(error));
    } else callback(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://localhost:${server.address().port}`;
  const client = { client_id: "eduai-at-school", client_secret: `with:odd/signs% and ${randomUUID()}` };
  return {
    issuer,
    client,
    serve(redirect, alg = "RS256") {
      current = new Provider(issuer, {
        clients: [{ ...client, redirect_uris: [redirect], id_token_signed_response_alg: alg }],
        // The first key signs; the second is there because the provider's own defaults ask for one that makes RS256.
        jwks: { keys: alg === "RS256" ? [freshKey(alg)] : [freshKey(alg), freshKey("RS256")] },
        enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA"] },
        claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["given_name", "family_name", "locale"] },
        cookies: { keys: [randomUUID()] },
        ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
        pkce: { required: () => true },
        findAccount: (_context, id) => (people.has(id) ? { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) } : undefined),
      });
      callback = current.callback();
    },
    /** Takes connections and answers nothing but that it cannot. */
    pause() {
      callback = undefined;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
