// The tenant's executions, newest first, with filters; the first page follows what happens.

import { choice, el, field } from "./dom.js";
import { duration, elapsed, moment } from "./format.js";
import { follow } from "./live.js";

const LIMIT = 50;
const STATUSES = ["pending", "running", "completed", "failed", "cancelled", "terminated", "timed_out"];
const TRIGGERS = ["manual", "webhook", "schedule", "sub_workflow", "replay"];
const WORKFLOWS = 1000;
const SETTLE = 300;
const TICK = 1000;

export async function showExecutions({ api, main, parameters, signal, say }) {
  const workflows = await allWorkflows(api, signal);
  const table = el("tbody");
  const count = el("span");
  const live = el("span", { class: "live" });
  const pages = el("nav", { "aria-label": "Parts of the list", class: "pages" });
  const offset = Number(parameters.offset ?? 0) || 0;

  async function load() {
    const wanted = { ...parameters, limit: LIMIT, offset: offset || undefined };
    const found = await api.get("/executions", wanted, signal);
    table.replaceChildren(...found.data.map(row));
    if (!found.data.length) table.append(el("tr", {}, el("td", { colspan: 7 }, "No executions match.")));
    const last = Math.min(offset + LIMIT, found.total);
    count.textContent = found.total ? `${offset + 1} to ${last} of ${found.total}` : "none";
    pages.replaceChildren(
      ...(offset > 0 ? [part("Newer", Math.max(0, offset - LIMIT))] : []),
      ...(last < found.total ? [part("Older", offset + LIMIT)] : []),
    );
    return found;
  }

  const part = (name, start) => el("a", { href: address({ ...parameters, offset: start || "" }) }, name);
  main.replaceChildren(
    el("h1", {}, "Executions"),
    filters(workflows, parameters),
    el("p", {}, count, " ", live),
    el(
      "div",
      { class: "wide" },
      el(
        "table",
        {},
        el("caption", { class: "hidden" }, "Executions"),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ["Status", "Workflow", "Trigger", "Started", "Duration", "Steps", "Error"].map((name) =>
              el("th", { scope: "col" }, name),
            ),
          ),
        ),
        table,
      ),
    ),
    pages,
  );
  await load();
  if (offset) return;

  let due = 0;
  const again = () => {
    if (due) return;
    due = setTimeout(() => {
      due = 0;
      if (!signal.aborted && !main.contains(document.activeElement?.closest("tbody"))) load().catch(() => {});
    }, SETTLE);
  };
  const clock = setInterval(() => {
    for (const cell of table.querySelectorAll("td[data-since]")) {
      cell.textContent = duration(Date.now() - Number(cell.dataset.since));
    }
  }, TICK);
  signal.addEventListener("abort", () => clearInterval(clock));
  // Only its rows are drawn anew where they are on the page: whoever stands on a link of the table stays there.
  const changed = (message) => {
    if (message.event !== "execution") return;
    const shown = table.querySelector(`tr[data-id="${CSS.escape(message.execution_id)}"]`);
    if (shown && !Object.keys(parameters).length) update(shown, message.execution);
    else again();
  };
  follow(api, "/executions", signal, changed, (state) => {
    live.textContent = state === "live" ? "live" : state === "waiting" ? "reconnecting…" : "not live";
    if (state === "ended") say("The list does not follow what happens: load the page again to see what is new.");
  });
}

/** As many as a menu can offer. */
async function allWorkflows(api, signal) {
  const found = [];
  let page;
  do {
    page = await api.get("/workflows", { limit: 100, offset: found.length || undefined }, signal);
    found.push(...page.data);
  } while (page.data.length && found.length < Math.min(page.total, WORKFLOWS));
  return found;
}

function update(shown, execution) {
  const focused = shown.contains(document.activeElement);
  const fresh = row(execution);
  shown.replaceWith(fresh);
  if (focused) fresh.querySelector("a").focus();
}

function row(execution) {
  const running = execution.status === "running" && execution.started_at;
  return el(
    "tr",
    { "data-id": execution.id },
    el("td", {}, el("span", { class: `status ${execution.status}` }, execution.status.replace("_", " "))),
    el("td", {}, el("a", { href: `#/executions/${encodeURIComponent(execution.id)}` }, execution.workflow_name)),
    el("td", {}, execution.trigger_type.replace("_", " ")),
    el("td", {}, el("time", { datetime: execution.started_at }, moment(execution.started_at))),
    el("td", { class: "number", "data-since": running && Date.parse(execution.started_at) }, duration(elapsed(execution))),
    el("td", { class: "number" }, execution.steps_total ? `${execution.steps_completed} / ${execution.steps_total}` : ""),
    el("td", { class: "error" }, execution.error ? execution.error.message : ""),
  );
}

function filters(workflows, chosen) {
  const submit = (event) => {
    event.preventDefault();
    const wanted = Object.fromEntries(new FormData(event.currentTarget));
    location.hash = address(wanted).slice(1);
  };
  return el(
    "form",
    { class: "filters", onsubmit: submit, onchange: (event) => event.currentTarget.requestSubmit() },
    choice("workflow_id", "Workflow", [["", "any"], ...workflows.map((one) => [one.id, one.name])], chosen.workflow_id),
    choice("status", "Status", [["", "any"], ...STATUSES.map((one) => [one, one.replace("_", " ")])], chosen.status),
    choice("trigger_type", "Trigger", [["", "any"], ...TRIGGERS.map((one) => [one, one.replace("_", " ")])], chosen.trigger_type),
    field("from", "From", "date", chosen.from),
    field("to", "To", "date", chosen.to),
    field("search", "Error says", "search", chosen.search, { maxlength: 200 }),
    el("button", {}, "Filter"),
  );
}

function address(parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return `#/executions${query.size ? `?${query}` : ""}`;
}
