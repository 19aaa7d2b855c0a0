import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { createGorax, GoraxError, StreamClosed, type StreamState, type Update, watchExecution } from "../src/index.js";
import { BASE_URL, begin, client, newTenant } from "./api.js";
import { Proxy } from "./proxy.js";

const PAUSE = { id: "pause", type: "delay", config: { duration: "1s" } };
const LOG = { id: "note", type: "log", config: { message: "hello" } };
const HOUR = { id: "hour", type: "delay", config: { duration: "1h" } };

let proxy: Proxy;
before(async () => {
  proxy = await Proxy.start();
});
after(() => proxy.stop());

function isUpdate(message: Update | StreamState): message is Update {
  return message.type === "execution_update";
}

test("an execution is watched to its end", async () => {
  const gorax = client();
  const seen: Update[] = [];
  for await (const message of watchExecution(gorax, await begin(gorax, [PAUSE, LOG]))) {
    if (isUpdate(message)) seen.push(message);
  }
  assert.equal(seen[0]?.event, "snapshot");
  const steps = seen.flatMap((update) => (update.event === "step" ? [`${update.step.id} ${update.step.status}`] : []));
  assert.ok(steps.includes("note completed"), steps.join());
  const last = seen.at(-1);
  assert.equal(last?.event, "end");
  assert.equal(last?.status, "completed");
  assert.deepEqual(last?.progress, { completed: 2, total: 2 });
});

test("what was missed while the connection was lost is told", async () => {
  const gorax = client(proxy.url);
  const executionId = await begin(gorax, [PAUSE, LOG]);
  const seen: Update[] = [];
  for await (const message of watchExecution(gorax, executionId, { pauseMs: 50 })) {
    if (!isUpdate(message)) continue;
    if (seen.length === 0) proxy.cut();
    seen.push(message);
  }
  assert.deepEqual([seen[0]?.event, seen[1]?.event, seen.at(-1)?.event], ["snapshot", "resumed", "end"]);
  assert.ok(seen.some((update) => update.event === "step" && update.step.id === "note"));
});

test("one goes on behind the last update that was seen", async () => {
  const gorax = client();
  const executionId = await begin(gorax, [PAUSE, LOG]);
  let lastEventId = "";
  for await (const message of watchExecution(gorax, executionId)) {
    if (!isUpdate(message) || message.id === null) continue;
    lastEventId = message.id;
    break;
  }
  const events: string[] = [];
  for await (const message of watchExecution(gorax, executionId, { lastEventId })) {
    if (isUpdate(message)) events.push(message.event);
  }
  assert.equal(events[0], "resumed");
  assert.equal(events.at(-1), "end");
});

test("a connection that is silent is made again", async () => {
  const gorax = client(proxy.url);
  const executionId = await begin(gorax, [HOUR]);
  const events: string[] = [];
  for await (const message of watchExecution(gorax, executionId, { silenceMs: 200, pauseMs: 50 })) {
    if (isUpdate(message)) events.push(message.event);
    if (events.at(-1) === "resumed") break;
  }
  assert.equal(events[0], "snapshot");
});

test("who leaves the loop leaves no connection", async () => {
  proxy.cut();
  const gorax = createGorax({
    baseUrl: proxy.url,
    tenant: newTenant(),
    // Other connections than those of sockets go past the proxy.
    fetch: (request) => fetch(new Request(request.url.replace(proxy.url, BASE_URL), request)),
  });
  const executionId = await begin(gorax, [HOUR]);
  for await (const _ of watchExecution(gorax, executionId)) {
    assert.ok(proxy.open.size > 0);
    break;
  }
  const deadline = Date.now() + 5_000;
  while (proxy.open.size > 0 && Date.now() < deadline) await sleep(20);
  assert.equal(proxy.open.size, 0);
});

test("a signal ends the watching", async () => {
  const gorax = client();
  const executionId = await begin(gorax, [HOUR]);
  const stop = new AbortController();
  const watching = (async () => {
    for await (const _ of watchExecution(gorax, executionId, { signal: stop.signal })) {
      setTimeout(() => stop.abort(new Error("enough")), 50);
    }
  })();
  await assert.rejects(watching, /enough/);
});

test("an execution that there is not is no reason to come back", async () => {
  const watching = watchExecution(client(), "exec_nobody_has_this").next();
  await assert.rejects(watching, (error) => error instanceof StreamClosed && error.code === 4404);
});

test("who may not ask is told so", async () => {
  const gorax = createGorax({ baseUrl: BASE_URL, tenant: newTenant(), token: "gx_nobody_has_this_key" });
  const watching = watchExecution(gorax, "exec_1").next();
  await assert.rejects(watching, (error) => error instanceof GoraxError && error.status === 401);
});

test("nobody who answers yet is waited for", async () => {
  let asked = 0;
  const gorax = createGorax({
    baseUrl: BASE_URL,
    tenant: newTenant(),
    fetch: (request) => (++asked < 3 ? fetch("http://127.0.0.1:1/") : fetch(request)),
  });
  const watching = watchExecution(gorax, "exec_nobody_has_this", { pauseMs: 10 }).next();
  await assert.rejects(watching, StreamClosed);
  assert.equal(asked, 3);
});
