// One execution: what it is, its steps on a line of time, and its diagram; it follows what happens.

import { el, json } from "./dom.js";
import { duration, elapsed, moment } from "./format.js";
import { follow } from "./live.js";
import { Timeline } from "./timeline.js";

const SETTLE = 250;
const REDRAW = 1000;
const PART = 500;
const FOLLOWED = "pending running";

export async function showExecution({ api, main, signal, say }, id) {
  const path = `/executions/${encodeURIComponent(id)}`;
  const summary = el("section", { "aria-label": "Summary" });
  const picture = el("img", { alt: "Diagram of the workflow, coloured by what became of each action" });
  const figure = el("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Diagram" }, picture);
  const more = el("p");
  const live = el("span", { class: "live" });
  const timeline = new Timeline();

  async function load() {
    const { data } = await api.get(path, {}, signal);
    summarise(summary, data, live);
    timeline.bound(data);
    return data;
  }

  async function loadSteps(offset) {
    const { data } = await api.get(`${path}/steps`, { limit: PART, offset: offset || undefined }, signal);
    timeline.take(data.steps);
    more.replaceChildren(
      data.next_offset
        ? el("button", { onclick: () => loadSteps(data.next_offset).catch((error) => say(error.message)) }, "More steps")
        : "",
    );
  }

  async function draw() {
    const address = await api.picture(`${path}/diagram`, signal);
    URL.revokeObjectURL(picture.src);
    picture.src = address;
  }
  signal.addEventListener("abort", () => URL.revokeObjectURL(picture.src));

  const execution = await load();
  main.replaceChildren(
    summary,
    el("section", {}, el("h2", {}, "Steps"), timeline.element, more),
    el("section", {}, el("h2", {}, "Diagram"), figure),
  );
  // Only what is there already may fail here: the rest is told where it would stand.
  await Promise.all([loadSteps(0), draw()].map((part) => part.catch((error) => signal.aborted || say(error.message))));
  if (!FOLLOWED.includes(execution.status)) return;

  const soon = settled(SETTLE, signal, () => load().catch(() => {}));
  const drawSoon = settled(REDRAW, signal, () => draw().catch(() => {}));
  const clock = setInterval(() => timeline.tick(), REDRAW);
  signal.addEventListener("abort", () => clearInterval(clock));
  const changed = (message) => {
    if (message.steps) timeline.take(message.steps);
    if (message.step) timeline.take([message.step]);
    soon();
    drawSoon();
    if (message.event === "end") clearInterval(clock);
  };
  follow(api, path, signal, changed, (state) => {
    live.textContent = state === "live" ? "live" : state === "waiting" ? "reconnecting…" : "";
  });
}

/** The call, made once some time after it was asked for, however often that was. */
function settled(milliseconds, signal, call) {
  let due = 0;
  signal.addEventListener("abort", () => clearTimeout(due));
  return () => {
    if (due || signal.aborted) return;
    due = setTimeout(() => {
      due = 0;
      call();
    }, milliseconds);
  };
}

function summarise(section, execution, live) {
  const facts = [
    ["Workflow", `${execution.workflow_name}, version ${execution.version}`],
    ["Trigger", execution.trigger_type.replace("_", " ")],
    ["Started", moment(execution.started_at)],
    ["Ended", moment(execution.completed_at)],
    ["Duration", duration(elapsed(execution))],
    ["Begun by", execution.created_by],
    ["Continues", link(execution.retry_of)],
    ["Repeats", link(execution.rerun_of)],
    ["Runs inside", link(execution.parent_execution_id)],
    ["In Temporal", execution.temporal_workflow_id],
  ].filter(([, value]) => value);
  const open = new Set([...section.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
  const part = (title, value) => (value === null || value === undefined ? null : json(title, value, open.has(title)));
  section.replaceChildren(
    el("h1", {}, execution.id),
    el(
      "p",
      {},
      el("span", { class: `status ${execution.status}` }, execution.status.replace("_", " ")),
      execution.paused ? " paused" : "",
      " ",
      live,
    ),
    ...(execution.error ? [el("p", { class: "problem" }, execution.error.message)] : []),
    el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    ...[part("Input", execution.trigger_data), part("Output", execution.output), part("Error", execution.error)].filter(Boolean),
  );
}

function link(id) {
  return id ? el("a", { href: `#/executions/${encodeURIComponent(id)}` }, id) : null;
}
