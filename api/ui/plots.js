// Plots, as SVG pictures whose parts tell what they are when pointed at. The same numbers stand in tables beside them.

import { el, svg } from "./dom.js";
import { duration, moment } from "./format.js";

const WIDTH = 900;
const HEIGHT = 220;
const LEFT = 60;
const BOTTOM = 24;
const LINE = 26;
const LABEL = 220;

/** Executions over time: completed below, then failed, then all others. */
export function bars(rows) {
  if (!rows.length) return el("p", {}, "No executions.");
  const most = Math.max(1, ...rows.map((one) => one.total));
  const wide = (WIDTH - LEFT) / rows.length;
  const high = (count) => ((HEIGHT - BOTTOM) * count) / most;
  const columns = rows.map((one, index) => {
    const others = Math.max(0, one.total - one.completed - one.failed);
    let top = HEIGHT - BOTTOM;
    const parts = [
      ["completed", one.completed],
      ["failed", one.failed],
      ["pending", others],
    ].map(([status, count]) => {
      top -= high(count);
      const x = LEFT + index * wide + wide * 0.1;
      return svg("rect", { class: `part ${status}`, x, y: top, width: wide * 0.8, height: high(count) });
    });
    const title = `${moment(one.timestamp)}: ${one.total}, of these ${one.completed} completed, ${one.failed} failed`;
    return svg("g", {}, svg("title", {}, title), parts);
  });
  return picture(
    HEIGHT,
    "Executions over time",
    svg("line", { class: "axis", x1: LEFT, x2: WIDTH, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
    text(LEFT - 6, 12, "end", String(most)),
    text(LEFT - 6, HEIGHT - BOTTOM, "end", "0"),
    text(LEFT, HEIGHT - 6, "start", moment(rows[0].timestamp)),
    text(WIDTH, HEIGHT - 6, "end", moment(rows.at(-1).timestamp)),
    columns,
  );
}

/** Of each workflow: from the least to the most, with the median and the 95th percentile; by orders of magnitude. */
export function ranges(rows) {
  if (!rows.length) return el("p", {}, "Nothing has ended.");
  const most = Math.log10(1 + Math.max(1, ...rows.map((one) => one.max_duration_ms)));
  const at = (milliseconds) => LABEL + ((WIDTH - LABEL - 10) * Math.log10(1 + milliseconds)) / most;
  const lines = rows.map((one, index) => {
    const y = index * LINE + LINE / 2;
    const told = ["min", "p50", "p95", "max"].map((name) => `${name} ${duration(one[`${name}_duration_ms`])}`);
    return svg(
      "g",
      {},
      svg("title", {}, `${one.workflow_name}: ${told.join(", ")}`),
      text(LABEL - 8, y + 4, "end", one.workflow_name.slice(0, 32)),
      svg("line", { class: "range", x1: at(one.min_duration_ms), x2: at(one.max_duration_ms), y1: y, y2: y }),
      svg("line", { class: "middle", x1: at(one.p50_duration_ms), x2: at(one.p95_duration_ms), y1: y, y2: y }),
      svg("circle", { class: "median", cx: at(one.p50_duration_ms), cy: y, r: 5 }),
    );
  });
  return picture(rows.length * LINE, "Durations by workflow", lines);
}

function picture(height, label, ...parts) {
  const attributes = { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label, class: "plot" };
  return svg("svg", attributes, ...parts);
}

function text(x, y, anchor, content) {
  return svg("text", { x, y, "text-anchor": anchor }, content);
}
