import assert from "node:assert/strict";
import { test } from "node:test";

import { createGorax } from "../src/index.js";
import { BASE_URL, begin, client, newTenant, workflow } from "./api.js";

const LOG = { id: "note", type: "log", config: { message: "hello" } };

test("a workflow is made, changed, listed and deleted", async () => {
  const gorax = client(`${BASE_URL}/`);
  const workflowID = await workflow(gorax, [LOG]);
  const path = { workflowID };
  const changed = await gorax.PUT("/api/v1/workflows/{workflowID}", {
    params: { path },
    body: { name: "Of another name" },
  });
  assert.equal(changed.data?.data.name, "Of another name");
  const listed = await gorax.GET("/api/v1/workflows", { params: { query: { limit: 1 } } });
  assert.equal(listed.data?.total, 1);
  assert.equal(listed.data?.data[0]?.created_by, "user_test");
  const deleted = await gorax.DELETE("/api/v1/workflows/{workflowID}", { params: { path } });
  assert.equal(deleted.response.status, 204);
});

test("a refusal says why", async () => {
  const { data, error, response } = await client().POST("/api/v1/workflows", {
    body: { name: "", definition: { actions: [LOG] } },
  });
  assert.equal(data, undefined);
  assert.equal(response.status, 400);
  assert.match(error?.error ?? "", /^name: /);
});

test("one tenant does not find the things of another", async () => {
  const executionID = await begin(client(), [LOG]);
  const { error, response } = await client().GET("/api/v1/executions/{executionID}", {
    params: { path: { executionID } },
  });
  assert.equal(response.status, 404);
  assert.equal(error?.error, "execution not found");
});

test("who asks is said with every request", async () => {
  const sent: Request[] = [];
  const gorax = createGorax({
    baseUrl: BASE_URL,
    tenant: newTenant(),
    role: "viewer",
    fetch: (request) => {
      sent.push(request);
      return fetch(request);
    },
  });
  const { response } = await gorax.POST("/api/v1/workflows", {
    body: { name: "Of a viewer", definition: { actions: [LOG] } },
  });
  assert.equal(response.status, 403);
  assert.equal(sent[0]?.headers.get("X-User-Role"), "viewer");
  assert.equal(sent[0]?.headers.get("Authorization"), null);
});

test("a token is sent as a bearer's", async () => {
  const gorax = createGorax({ baseUrl: BASE_URL, tenant: newTenant(), token: "gx_nobody_has_this_key" });
  const { response } = await gorax.GET("/api/v1/workflows");
  assert.equal(response.status, 401);
});
