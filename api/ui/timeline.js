// Steps on a line of time: each row opens to what went in, what came out, and what went wrong.

import { el, json } from "./dom.js";
import { duration, elapsed } from "./format.js";

export class Timeline {
  #rows = new Map();
  #begin = Infinity;
  #end = null;

  constructor() {
    this.element = el("ol", { class: "timeline" });
  }

  /** The time that the line stands for: from the execution's start to its end, or now. */
  bound(execution) {
    this.#begin = Math.min(this.#begin, Date.parse(execution.started_at));
    this.#end = execution.completed_at ? Date.parse(execution.completed_at) : null;
    this.tick();
  }

  /** Steps as they are now, new ones or known ones. */
  take(steps) {
    for (const step of steps) {
      const known = this.#rows.get(step.id);
      const row = known ?? new Row();
      row.show(step);
      if (known) continue;
      this.#rows.set(step.id, row);
      this.element.append(row.element);
    }
    this.tick();
  }

  /** Draw the line anew, which grows while the execution runs. */
  tick() {
    const end = this.#end ?? Date.now();
    for (const row of this.#rows.values()) row.place(this.#begin, Math.max(end - this.#begin, 1));
  }
}

class Row {
  #step = null;

  constructor() {
    this.bar = el("span", { class: "bar" });
    this.name = el("span", { class: "name" });
    this.facts = el("span", { class: "facts" });
    this.content = el("div", { class: "content" });
    const summary = el("summary", {}, this.name, el("span", { class: "track" }, this.bar), this.facts);
    this.details = el("details", { ontoggle: () => this.#fill() }, summary, this.content);
    this.element = el("li", {}, this.details);
  }

  show(step) {
    this.#step = step;
    // A step inside others stands further to the right.
    const depth = Math.min(step.id.split(".").length - 1, 8);
    this.name.style.paddingLeft = `${depth}em`;
    this.name.textContent = step.id;
    this.bar.className = `bar ${step.status}`;
    this.element.dataset.status = step.status;
    this.#fill();
  }

  place(begin, span) {
    const step = this.#step;
    const from = step.started_at ? Date.parse(step.started_at) - begin : 0;
    const took = elapsed(step) ?? 0;
    this.bar.style.marginLeft = `${Math.min(Math.max((100 * from) / span, 0), 99.5)}%`;
    this.bar.style.width = `${Math.min(Math.max((100 * took) / span, 0.5), 100)}%`;
    const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : "";
    this.facts.textContent = `${step.status.replace("_", " ")} ${duration(took)}${tries}`;
  }

  #fill() {
    if (!this.details.open) return;
    const { input, output, error, type, progress } = this.#step;
    this.content.replaceChildren(
      el("p", {}, `Type ${type}`),
      ...(error ? [el("p", { class: "problem" }, error.message)] : []),
      ...[
        ["Input", input],
        ["Output", output],
        ["Error", error],
        ["Progress", progress],
      ]
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([title, value]) => json(title, value, true)),
    );
  }
}
