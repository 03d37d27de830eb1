import { testOAuthRecordsContract } from "#test/contract/oauth-records.ts";
import { startEmbeddedStore } from "#test/support/redis-embedded.ts";
import { connectRedisServer, findRedisServer } from "#test/support/redis-server.ts";

testOAuthRecordsContract("the embedded store in workerd", startEmbeddedStore);

// Where it is missing, redis-server.test.ts says so.
const program = findRedisServer();
if (program !== undefined) {
  testOAuthRecordsContract("a real Redis", () => connectRedisServer(program));
}
