// An OpenID Connect provider on a free port of loopback: `node provider.js CALLBACK` prints its address once it answers.
// Its development pages take any name and any password; whoever signs in as "unsure" has an address that the provider
// did not verify.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [callback] = process.argv.slice(2);
const server = createServer();
await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "hub", client_secret: "a secret of the test", redirect_uris: [callback] }],
  claims: { openid: ["sub"], profile: ["given_name", "family_name", "name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      given_name: "Ada",
      family_name: "van Wiggers",
      name: "Ada van Wiggers",
      email: `${id}@uni.example`,
      email_verified: id !== "unsure",
    }),
  }),
});

server.on("request", provider.callback());
console.log(issuer);
