import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./schema.js";

export type Role = "viewer" | "operator" | "editor" | "admin";

/** Where the API is, and who asks it for what tenant. */
export interface Connection {
  /** Without a path: `https://gorax.example.com`. */
  baseUrl: string;
  tenant: string;
  /** An API key or a session's token. Development needs none. */
  token?: string;
  /** In development, the user behind the requests. */
  user?: string;
  /** In development, what the user is. */
  role?: Role;
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A client with a method per HTTP method, typed by path; see the documentation of openapi-fetch. */
export type Gorax = Client<paths> & { readonly baseUrl: string };

/** A client for one tenant. It sends nothing yet. */
export function createGorax(connection: Connection): Gorax {
  const { token, user, role, fetch } = connection;
  const baseUrl = connection.baseUrl.replace(/\/+$/, "");
  const headers: Record<string, string> = { "X-Tenant-ID": connection.tenant };
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  if (user !== undefined) headers["X-User-ID"] = user;
  if (role !== undefined) headers["X-User-Role"] = role;
  const client = createClient<paths>({ baseUrl, headers, ...(fetch && { fetch }) });
  return Object.assign(client, { baseUrl });
}
