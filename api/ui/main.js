// Which page is shown, for which tenant: the address says both, so that it can be sent to somebody.

import { Api } from "./api.js";
import { el } from "./dom.js";
import { showExecution } from "./execution.js";
import { showExecutions } from "./executions.js";
import { showTrends } from "./trends.js";

const TENANT = "gorax.tenant";
const main = document.getElementById("main");
const state = document.getElementById("state");
const form = document.getElementById("tenant");
let leave = new AbortController();

/** The part of the address behind `#`: a path, and parameters. */
function place() {
  const [path, query] = location.hash.slice(1).split("?");
  return { parts: path.split("/").filter(Boolean), parameters: Object.fromEntries(new URLSearchParams(query)) };
}

async function show() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const tenant = new URLSearchParams(location.search).get("tenant") ?? localStorage.getItem(TENANT);
  const { parts, parameters } = place();
  form.elements.tenant.value = tenant ?? "";
  state.textContent = "";
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${parts[0] ?? "executions"}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!tenant) {
    main.replaceChildren(el("p", {}, "Write above whose executions you want to see."));
    form.elements.tenant.focus();
    return;
  }
  const page = { api: new Api(tenant), main, parameters, signal, say: (text) => (state.textContent = text) };
  try {
    if (parts[0] === "trends") await showTrends(page);
    else if (parts[0] === "executions" && parts[1]) await showExecution(page, decodeURIComponent(parts[1]));
    else await showExecutions(page);
  } catch (error) {
    if (signal.aborted) return;
    main.replaceChildren(el("p", { class: "problem", role: "alert" }, error.message));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const tenant = form.elements.tenant.value.trim();
  localStorage.setItem(TENANT, tenant);
  const address = new URL(location.href);
  address.searchParams.set("tenant", tenant);
  address.hash = "#/executions";
  history.pushState(null, "", address);
  show();
});
addEventListener("hashchange", show);
addEventListener("popstate", show);
show();
