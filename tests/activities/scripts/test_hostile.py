"""Scripts that mean harm: each ends within its bounds, and the next one finds nothing of it."""

import time

import pytest

from gorax.core.errors import ErrorType, StepError
from tests.activities.scripts.conftest import Run

ENDLESS = {
    "a loop": "while (true);",
    "a loop that catches": "for (;;) { try { while (true); } catch {} finally { continue; } }",
    "a regular expression": "return /^(a+)+$/.test('a'.repeat(50) + '!');",
    "promises": "for (;;) await 1;",
    "promises nobody awaits": (
        "const again = () => { Promise.resolve().then(again); };\nagain(); await new Promise(() => {});"
    ),
    "a getter of the result": "return { get a() { while (true); } };",
    "a method of the result": "return { toJSON() { while (true); } };",
    "a property of what is thrown": "throw { toJSON() { while (true); } };",
    "a text of what is thrown": (
        "const error = new Error();\n"
        "Object.defineProperty(error, 'message', { get() { while (true); } });\n"
        "throw error;"
    ),
    "a length that lies": "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 5);",
    "the engine's own loop, which does not listen": "new Array(4294967295).join('x');",
    "the console": "for (;;) console.log('x');",
    "generators": "function* all() { for (;;) yield 1; } for (const _ of all());",
    "growing numbers": "let n = 3n; for (;;) n = n * n % (2n ** 4000n - 1n);",
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS.keys())
async def test_what_does_not_end_is_ended(run: Run, script: str) -> None:
    started = time.monotonic()
    with pytest.raises(StepError) as caught:
        await run(script, timeout=0.3)
    assert time.monotonic() - started < 3
    assert caught.value.type == ErrorType.TIMEOUT
    assert caught.value.message.startswith("the script took longer than 0.3 s")
    assert not caught.value.retryable
    assert (await run("return 1;"))["result"] == 1


async def test_a_timeout_tells_where_the_script_was_last_seen(run: Run) -> None:
    with pytest.raises(StepError, match=r"longer than 0\.2 s \(last seen at line 2\)") as caught:
        await run("let i = 0;\nconsole.log('begun');\nwhile (true)\n  i++;", timeout=0.2)
    assert caught.value.details["stack"] == "at script (2:9)"
    assert caught.value.details["logs"] == [{"level": "info", "message": "begun"}]


async def test_the_actions_own_limit_holds_too(run: Run) -> None:
    with pytest.raises(StepError, match=r"longer than 0\.5 s"):
        await run("while (true);", within=0.5, timeout=30)


GREEDY = {
    "texts": "const all = []; for (;;) all.push('x'.repeat(1e6) + all.length);",
    "one text": "let text = 'x'; for (let i = 0; i < 29; i++) text += text; return text.toUpperCase();",
    "lists": "const all = []; for (;;) all.push(new Array(1000).fill(all.length));",
    "objects": "let chain = {}; for (;;) chain = { chain };",
    "a typed array": "return new Uint8Array(2 ** 30).length;",
    "a shared buffer": "return new SharedArrayBuffer(2 ** 30).byteLength;",
    "typed arrays": "const all = []; for (;;) all.push(new Float64Array(1e5).fill(1));",
    "promises": "const all = []; for (;;) all.push(new Promise(() => {}));",
    "a map": "const map = new Map(); for (let i = 0; ; i++) map.set(i, 'v' + i);",
    "closures": "const all = []; for (let i = 0; ; i++) all.push(() => i);",
}


@pytest.mark.parametrize("script", GREEDY.values(), ids=GREEDY.keys())
async def test_a_script_that_takes_all_memory_fails(run: Run, script: str) -> None:
    with pytest.raises(StepError) as caught:
        await run(script)
    assert caught.value.type == ErrorType.SCRIPT
    assert "the script needs more than 32 MB of memory (memory_limit_mb)" in caught.value.message
    assert (await run("return 1;"))["result"] == 1


async def test_the_memory_limit_is_the_configs(run: Run) -> None:
    script = "return new Uint8Array(20 << 20).length;"
    with pytest.raises(StepError, match="more than 16 MB"):
        await run(script, memory_limit_mb=16)
    assert (await run(script, memory_limit_mb=64))["result"] == 20 << 20


async def test_a_context_that_does_not_fit_the_heap_is_a_clear_error(run: Run) -> None:
    with pytest.raises(StepError, match="more than 8 MB"):
        await run("return 1;", memory_limit_mb=8, input=[{"a": i} for i in range(100_000)])


EXCESSIVE = {
    "recursion": ("(function f() { return 1 + f(); })();", "Maximum call stack"),
    "mutual recursion": ("const a = () => b(), b = () => a(); a();", "Maximum call stack"),
    "a power": ("return 2n ** (2n ** 40n);", "too large"),
    "products": ("let n = 3n ** 100000n; for (;;) n *= n;", "too large"),
    "a nested pattern": ("new RegExp('('.repeat(50000) + ')'.repeat(50000));", "too many captures"),
    "nested source": ("new Function('('.repeat(30000) + ')'.repeat(30000));", "Maximum call stack"),
    "nested JSON": ("JSON.parse('['.repeat(1e6));", "Maximum call stack"),
    "a result without end": ("const o = { toJSON() { return { o }; } }; return o;", "Maximum call stack"),
    "proxies": ("let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x;", "Maximum call stack"),
    "waiting": ("Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0);", "cannot block"),
}


@pytest.mark.parametrize(("script", "message"), EXCESSIVE.values(), ids=EXCESSIVE.keys())
async def test_what_is_too_much_for_the_engine_is_an_error(run: Run, script: str, message: str) -> None:
    with pytest.raises(StepError, match=message) as caught:
        await run(script, timeout=5)
    assert caught.value.type == ErrorType.SCRIPT
    assert len(caught.value.details["stack"]) < 3000


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("Object.prototype.toJSON = () => 5; return {};", "the script changed how values are written"),
        ("Array.prototype.toJSON = () => 5; console.log(1);", "the script changed how values are written"),
        ("return JSON.rawJSON('1e999');", "number is infinity"),
        ("return {'\\ud800': 1};", "no low surrogate"),
    ],
)
async def test_a_result_that_cannot_be_read_is_told_plainly(run: Run, script: str, why: str) -> None:
    with pytest.raises(StepError) as caught:
        await run(script)
    assert caught.value.type == ErrorType.SCRIPT
    assert caught.value.message.startswith(f"Error: the result cannot be read: {why}")
    assert "Outcome" not in caught.value.message


@pytest.mark.parametrize("script", ["return 'x'.repeat(1_000_001)", "return '€'.repeat(400_000)"])
async def test_a_result_over_its_bound_is_refused(run: Run, script: str) -> None:
    with pytest.raises(StepError) as caught:
        await run(script)
    assert caught.value.type == ErrorType.OUTPUT_TOO_LARGE
    assert caught.value.message == "the result has more than 1000000 bytes as JSON"


async def test_there_is_nothing_to_reach_the_outside_with(run: Run) -> None:
    output = await run(
        "const names = ['require', 'process', 'std', 'os', 'fetch', 'setTimeout', 'XMLHttpRequest', 'Deno',\n"
        "  'Bun', 'print', 'load', 'Worker', 'WebAssembly', 'importScripts', 'gorax', 'host'];\n"
        "const found = names.filter(name => name in globalThis);\n"
        "const tried = await import('/etc/passwd').catch(error => error.name);\n"
        "return { found, tried };"
    )
    assert output["result"] == {"found": [], "tried": "ReferenceError"}


@pytest.mark.parametrize(
    "escape",
    [
        "return new Function('return this')().constructor.constructor('return typeof process')();",
        "return (async () => {}).constructor('return typeof process')();",
        "return console.log.constructor('return typeof process')();",
        "return (0, eval)('typeof process');",
        "try { null.x } catch (e) { return e.constructor.constructor('return typeof process')(); }",
    ],
)
async def test_constructors_lead_nowhere(run: Run, escape: str) -> None:
    assert (await run(escape))["result"] == "undefined"


TAMPERING = (
    "Object.prototype.polluted = 'yes'; Array.prototype.map = null; globalThis.secret = context.input;\n"
    "JSON.parse = JSON.stringify = () => '{\"result\":1}'; Promise.prototype.then = null;\n"
    "Object.freeze(Array.prototype); globalThis.Map = globalThis.Error = null;"
)


async def test_nothing_of_a_script_is_left_for_the_next(run: Run) -> None:
    await run(TAMPERING, tenant_id="first", input="of the first")
    output = await run(
        "return [{}.polluted, typeof secret, [1].map(x => x), JSON.stringify([1]), typeof Map];",
        tenant_id="second",
    )
    assert output["result"] == [None, "undefined", [1], "[1]", "function"]


async def test_a_script_cannot_change_how_its_result_is_told(run: Run) -> None:
    assert (await run(f"{TAMPERING}\nreturn {{ a: [1n] }};"))["result"] == {"a": [1]}


async def test_a_script_that_breaks_the_telling_of_its_error_still_fails(run: Run) -> None:
    with pytest.raises(StepError) as caught:
        await run(
            "String.prototype.slice = String.prototype.split = RegExp.prototype.exec = null; missing();"
        )
    assert caught.value.type == ErrorType.SCRIPT


async def test_the_body_cannot_be_closed_from_within(run: Run) -> None:
    assert (await run("}); 1; (function () {"))["result"] is None
