// How many executions there were, how long they took, and what failed most.

import { choice, el, field } from "./dom.js";
import { duration } from "./format.js";
import { bars, ranges } from "./plots.js";

const DAY = 86400000;
const DAYS = { hour: 2, day: 30, week: 180, month: 730 };
const PLOTTED = 20;

export async function showTrends({ api, main, parameters, signal }) {
  const granularity = parameters.granularity ?? "day";
  const from = parameters.from || new Date(Date.now() - (DAYS[granularity] ?? 30) * DAY).toISOString().slice(0, 10);
  const wanted = { from, to: parameters.to };
  const [trends, durations, failures] = await Promise.all([
    api.get("/metrics/trends", { ...wanted, granularity }, signal),
    api.get("/metrics/duration", wanted, signal),
    api.get("/metrics/failures", wanted, signal),
  ]);
  const submit = (event) => {
    event.preventDefault();
    location.hash = `#/trends?${new URLSearchParams(new FormData(event.currentTarget))}`;
  };
  main.replaceChildren(
    el("h1", {}, "Trends"),
    el(
      "form",
      { class: "filters", onsubmit: submit, onchange: (event) => event.currentTarget.requestSubmit() },
      choice("granularity", "By", Object.keys(DAYS), granularity),
      field("from", "From", "date", from),
      field("to", "To", "date", parameters.to),
      el("button", {}, "Show"),
    ),
    el("section", {}, el("h2", {}, "Executions"), bars(trends.data), trendTable(trends.data)),
    el("section", {}, el("h2", {}, "Durations"), ...plotted(durations.data), durationTable(durations.data)),
    el("section", {}, el("h2", {}, "Failures"), failureTable(failures.data)),
  );
}

// A picture of hundreds is none; those with the most executions come first.
function plotted(rows) {
  const plot = ranges(rows.slice(0, PLOTTED));
  if (rows.length <= PLOTTED) return [plot];
  return [plot, el("p", {}, `The ${PLOTTED} workflows with the most executions; the table has all ${rows.length}.`)];
}

function trendTable(rows) {
  const cells = rows.map((one) => [one.timestamp, one.total, one.completed, one.failed]);
  return folded("As a table", table(["Since", "Total", "Completed", "Failed"], cells));
}

function durationTable(rows) {
  const names = ["avg", "min", "p50", "p95", "p99", "max"];
  const cells = rows.map((one) => [one.workflow_name, ...names.map((name) => duration(one[`${name}_duration_ms`]))]);
  return folded("As a table", table(["Workflow", "Average", "Least", "Median", "95 %", "99 %", "Most"], cells));
}

function failureTable(found) {
  if (!found.workflows.length) return el("p", {}, "Nothing failed.");
  const workflows = found.workflows.map((one) => [
    el("a", { href: `#/executions?status=failed&workflow_id=${encodeURIComponent(one.workflow_id)}` }, one.workflow_name),
    one.failures,
    one.executions,
    `${(100 * one.failure_rate).toFixed(1)} %`,
  ]);
  const steps = found.steps.map((one) => [
    one.workflow_name,
    one.action_id ?? "no step",
    one.failures,
    one.errors.map((error) => `${error.type} (${error.failures})`).join(", "),
  ]);
  return el(
    "div",
    {},
    table(["Workflow", "Failed", "Executions", "Share"], workflows),
    el("h3", {}, "Steps"),
    table(["Workflow", "Step", "Failures", "Errors"], steps),
  );
}

function folded(title, content) {
  return el("details", {}, el("summary", {}, title), content);
}

function table(heads, rows) {
  return el(
    "div",
    { class: "wide" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, cell === null ? "" : cell))))),
    ),
  );
}
