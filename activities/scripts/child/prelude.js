// Runs before every script, in the script's own realm. What it gives is the one function that the engine's side
// calls; the script never sees it. A script may change any object that it can reach, so what is needed after it
// began is taken out of those objects first.
(() => {
  "use strict";

  const { parse, stringify, rawJSON } = JSON;
  const { isSafeInteger, isFinite } = Number;
  const { from } = Array;
  const { join } = Array.prototype;
  const { apply } = Reflect;
  const { fromEntries } = Object;
  const { isView } = ArrayBuffer;
  const { min, max } = Math;
  const [Text, Integer, Bytes] = [String, BigInt, Uint8Array];
  const [Failure, Engine, Range, Type] = [Error, InternalError, RangeError, TypeError];
  const [Dictionary, Collection, Buffer, Awaited] = [Map, Set, ArrayBuffer, Promise];
  const Script = (async () => {}).constructor;

  const MAX_LINES = 1000;
  const MAX_LINE = 4096;
  const MAX_LOG_BYTES = 256 * 1024;
  const MAX_MESSAGE = 2000;
  const MAX_FRAMES = 20;
  // `new Function` puts two lines before its body, and we a third.
  const LINES_BEFORE = 3;
  const PRELUDE = 100000;
  const SMALLEST = -(2n ** 63n);
  const LARGEST = 2n ** 63n - 1n;

  let state = "running";
  let value, failure;
  let lines = 0;
  let unrepresentable = 0;

  // Values as JSON

  const plain = function (key, item) {
    switch (typeof item) {
      case "string":
        return item.isWellFormed() ? item : item.toWellFormed();
      case "number":
        if (!isFinite(item)) unrepresentable += 1;
        return item;
      case "bigint":
        if (item < SMALLEST || item > LARGEST)
          throw new Range(`${at(key)} is an integer of more than 64 bits: return it as text`);
        return rawJSON(Text(item));
      case "object":
        if (item instanceof Dictionary) return fromEntries(item);
        if (item instanceof Collection) return from(item);
        if (isView(item) && "length" in item) return from(item);
        if (item instanceof Buffer) return from(new Bytes(item));
        if (item instanceof Failure) return { name: item.name, message: item.message };
        if (item instanceof Awaited) throw new Type(`${at(key)} is a promise: await it`);
    }
    return item;
  };

  const at = (key) => (key === "" ? "the result" : `"${key}" in the result`);

  // Integers that a number cannot hold keep their value.
  const exactly = (key, item, { source }) =>
    typeof item === "number" && !isSafeInteger(item) && /^-?\d+$/.test(source) ? Integer(source) : item;

  // The console

  const entries = [];
  let room = MAX_LOG_BYTES;
  let lost = 0;

  const shown = (item) => {
    if (typeof item === "string") return item;
    if (typeof item === "bigint") return `${item}n`;
    if (typeof item === "function") return `[function ${item.name}]`;
    try {
      if (item instanceof Failure) return `${item.name}: ${item.message}`;
      if (typeof item === "object") return stringify(item, plain);
    } catch {
      // Circular, too large or of a hostile class: its plain text has to do.
    }
    try {
      return Text(item);
    } catch {
      return "[object that has no text]";
    }
  };

  const keep = (level, message) => {
    const text = message.length > MAX_LINE ? `${message.slice(0, MAX_LINE)}...` : message;
    const entry = { level, message: text.toWellFormed() };
    const size = stringify(entry).length * (/^[\x00-\x7f]*$/.test(text) ? 1 : 3);
    if (entries.length >= MAX_LINES || size > room) {
      lost += 1;
      return;
    }
    room -= size;
    entries[entries.length] = entry;
  };

  const printer =
    (level) =>
    (...items) => {
      if (lost > 0) lost += 1;
      else keep(level, items.map(shown).join(" "));
    };

  const console = {
    debug: printer("debug"),
    log: printer("info"),
    info: printer("info"),
    warn: printer("warning"),
    error: printer("error"),
  };

  const logs = () => {
    const last = [];
    if (unrepresentable > 0)
      last[0] = { level: "warning", message: `NaN or an infinite number became null, ${unrepresentable} times` };
    if (lost > 0) last[last.length] = { level: "warning", message: `${lost} more lines were not kept` };
    return stringify([...entries, ...last]);
  };

  // The engine's side cannot read a text that is still in pieces, as `+` and templates leave it.
  const whole = (...pieces) => apply(join, pieces, [""]);

  // Failures

  const frames = (stack) => {
    const found = [];
    for (const text of Text(stack).slice(0, 20000).split("\n")) {
      const [, name, line, column] = /^\s*at (?:(.*) \()?<input>:(\d+):(\d+)\)?$/.exec(text) ?? [];
      if (line === undefined || line > PRELUDE || found.length >= MAX_FRAMES) continue;
      const own = name === undefined || name === "anonymous" ? "script" : name.slice(0, 100);
      found[found.length] = {
        line: max(1, min(line - LINES_BEFORE, lines)),
        text: `at ${own} (${max(1, line - LINES_BEFORE)}:${column})`,
      };
    }
    return found;
  };

  const failed = (kind, name, message, stack) => {
    const where = frames(stack);
    const error = {
      kind,
      name: Text(name).slice(0, 100).toWellFormed(),
      message: Text(message).slice(0, MAX_MESSAGE).toWellFormed(),
      line: where[0]?.line ?? null,
      stack: where.map(({ text }) => text).join("\n").toWellFormed(),
    };
    return whole('{"error":', stringify(error), ',"logs":', logs(), "}");
  };

  const kindOf = (message) =>
    message === "out of memory" ? "memory" : message === "interrupted" ? "timeout" : "script";

  const thrown = (what) => {
    // Where there is no memory left for an error, the engine throws null.
    if (what === null) return failed("memory", "null", "", "");
    if (!(what instanceof Failure)) return failed("script", "Error", shown(what), "");
    const kind = what instanceof Engine ? kindOf(what.message) : "script";
    return failed(kind, what.name, what.message, what.stack);
  };

  const handlers = {
    __proto__: null,

    start(source, text, exact) {
      lines = source.split("\n").length;
      const run = async () => {
        try {
          const script = new Script("context", "console", `"use strict";\n${source}`);
          value = await script(parse(text, exact ? exactly : undefined), console);
          state = "done";
        } catch (error) {
          failure = error;
          state = "failed";
        }
      };
      run();
    },

    settled: () => state !== "running",

    outcome(most) {
      if (state === "running")
        return failed("script", "Error", "the script awaits something that never comes", "");
      if (state === "failed") return thrown(failure);
      try {
        const text = stringify(value, plain) ?? "null";
        if (text.length > most) return failed("output", "Error", "", "");
        return whole('{"result":', text, ',"logs":', logs(), "}");
      } catch (error) {
        return thrown(error);
      }
    },

    broken(trace) {
      const [, name, message] = /^(\w+): (.*)/.exec(trace) ?? ["", "Error", trace];
      return failed(kindOf(message), name, message, trace);
    },
  };

  return (request, ...items) => handlers[request](...items);
})();
