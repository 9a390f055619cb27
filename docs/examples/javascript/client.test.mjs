// Tests of a client against the sandbox: run `node --test` here.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Client } from "./client.mjs";
import { startSandbox } from "./sandbox.mjs";

let box, client;

before(async () => {
  box = await startSandbox();
  client = new Client(box.base_url, box.token);
});
after(() => box.stop());

beforeEach(async () => {
  await box.control("POST", "/reset");
  await box.control("DELETE", "/requests");
});

test("a member is stored", async () => {
  const created = await client.createMember("Ann");
  assert.equal((await client.member(created.id)).name, "Ann");
});

test("it waits when there are too many requests", async () => {
  const { id } = await client.createMember("Ann");
  await box.control("POST", "/failures", { failure: "429", operation: "getMember", retry_after: 50 });
  assert.equal((await client.member(id)).name, "Ann");
  const { requests } = await box.control("GET", "/requests");
  assert.deepEqual(requests.map((request) => request.status), [200, 429, 200]);
  assert.ok(requests.every((request) => request.user_agent));
});
