// Runs under Node, with npm `jose`: seconds of the processor that it takes to verify one
// token so many times.
// First argument: the folder whose node_modules has it. On stdin {token, jwk, count, rounds}.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= (await import("node:crypto")).webcrypto; // Node 18
const found = createRequire(join(process.argv[2], "package.json")).resolve("jose");
const jose = await import(pathToFileURL(found));

let written = "";
for await (const piece of process.stdin) written += piece;
const { token, jwk, count, rounds } = JSON.parse(written);
const key = await jose.importJWK(jwk, "ES256");
let best = Infinity;
for (let round = 0; round < rounds; round++) {
  const start = process.cpuUsage();
  for (let n = 0; n < count; n++) await jose.compactVerify(token, key);
  const spent = process.cpuUsage(start);
  best = Math.min(best, spent.user + spent.system);
}
process.stdout.write(String(best / 1e6));
