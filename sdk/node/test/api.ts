import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

import { createGorax, type components, type Gorax } from "../src/index.js";

export const BASE_URL = process.env["GORAX_URL"] ?? "http://127.0.0.1:8080";

type Definition = components["schemas"]["Definition"];

/** A client for a tenant that no other test has. */
export function client(baseUrl: string = BASE_URL, tenant: string = newTenant()): Gorax {
  return createGorax({ baseUrl, tenant, user: "user_test" });
}

export function newTenant(): string {
  return `tenant_${randomBytes(8).toString("hex")}`;
}

/** The id of a new workflow with these actions. */
export async function workflow(gorax: Gorax, actions: Definition["actions"]): Promise<string> {
  const { data, error } = await gorax.POST("/api/v1/workflows", {
    body: { name: "Of a test", definition: { actions } },
  });
  assert.ok(data, error?.error);
  return data.data.id;
}

/** The id of a new execution of these actions. */
export async function begin(gorax: Gorax, actions: Definition["actions"]): Promise<string> {
  const workflowID = await workflow(gorax, actions);
  const { data, error } = await gorax.POST("/api/v1/workflows/{workflowID}/execute", {
    params: { path: { workflowID } },
  });
  assert.ok(data, error?.error);
  return data.data.execution_id;
}
