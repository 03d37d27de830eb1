import { testRedisContract } from "#test/contract/redis.ts";
import { startEmbeddedStore } from "#test/support/redis-embedded.ts";

testRedisContract("the embedded store in workerd", startEmbeddedStore);
