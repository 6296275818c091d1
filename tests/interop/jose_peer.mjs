// Runs under Node, with npm `jose` beside it: reads tokens by a JWK Set, or signs a payload.
//
// First argument: the folder whose node_modules has it. On stdin {"tokens": […], "jwks": …} to read, on stdout for
// each {"payload", "header"} or {"code"}; or {"payload", "header", "jwk"} to sign, on stdout {"token"}; without a
// jwk with a key of its own.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= (await import("node:crypto")).webcrypto; // Node 18
const found = createRequire(join(process.argv[2], "package.json")).resolve("jose");
const jose = await import(pathToFileURL(found));

async function read(token, keys) {
  try {
    const { payload, protectedHeader } = await jose.jwtVerify(token, keys, { algorithms: ["ES256"] });
    return { payload, header: protectedHeader };
  } catch (error) {
    return { code: error.code };
  }
}

async function sign({ payload, header, jwk }) {
  const key = jwk ? await jose.importJWK(jwk, header.alg) : (await jose.generateKeyPair(header.alg)).privateKey;
  return { token: await new jose.SignJWT(payload).setProtectedHeader(header).sign(key) };
}

let written = "";
for await (const piece of process.stdin) written += piece;
const asked = JSON.parse(written);
const answer = asked.tokens
  ? await Promise.all(asked.tokens.map((token) => read(token, jose.createLocalJWKSet(asked.jwks))))
  : await sign(asked);
process.stdout.write(JSON.stringify(answer));
