// An OpenID Connect provider on loopback: `node provider.js PORT CALLBACK`. Its development pages take any name and any
// password; whoever signs in as "unsure" has an address that the provider did not verify.
import Provider from "oidc-provider";

const [port, callback] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

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

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
