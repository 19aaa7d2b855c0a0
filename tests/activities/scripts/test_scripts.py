"""What a script is given, and what it can give."""

import time
from typing import Any

import pytest

from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError
from tests.activities.scripts.conftest import Run


async def test_the_context_is_what_the_interpreter_and_the_input_give(run: Run) -> None:
    output = await run(
        "const { trigger, steps, env, vars, input } = context;\n"
        "return [trigger.body.id, steps['http-1'].output, env.version, vars.rate, input];",
        context={
            "trigger": {"body": {"id": 7}},
            "steps": {"http-1": {"output": "ok"}},
            "env": {"version": 3},
            "vars": {"rate": 0.5},
        },
        input={"a": [1]},
    )
    assert output == {"result": [7, "ok", 3, 0.5, {"a": [1]}], "logs": []}


async def test_without_a_return_the_result_is_null(run: Run) -> None:
    assert await run("context.input; // the end") == {"result": None, "logs": []}


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("undefined", None),
        ("[undefined, () => 1, Symbol('x')]", [None, None, None]),
        ("({kept: 1, left: undefined, out() {}})", {"kept": 1}),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Date(NaN)", None),
        ("new Map([['a', 1], [2, new Set([3])]])", {"a": 1, "2": [3]}),
        ("new Uint8Array([1, 255])", [1, 255]),
        ("new Uint8Array([1, 2]).buffer", [1, 2]),
        ("new TypeError('no')", {"name": "TypeError", "message": "no"}),
        ("({toJSON: () => 'own'})", "own"),
        ("-0", 0),
        ("0.1 + 0.2", 0.30000000000000004),
        ("1e20", 1e20),
        ("2n ** 63n - 1n", 2**63 - 1),
        ("-(2n ** 63n)", -(2**63)),
        ("'\\0 \\ud83d\\ude00 \\u00e9'", "\0 😀 é"),
        ("'half \\ud800'", "half \ufffd"),
        ("Promise.resolve(4)", 4),
        ("'😀'.length", 2),
    ],
)
async def test_a_result_is_written_as_json(run: Run, source: str, result: Any) -> None:
    output = await run(f"return {source};")
    assert output["result"] == result
    assert type(output["result"]) is type(result) or result == 0


@pytest.mark.parametrize(
    "value",
    [2**53 + 1, -(2**63), 2**63 - 1, [1234567890123456789, "1234567890123456789", 1.5, 12]],
)
async def test_large_integers_pass_through_unchanged(run: Run, value: Any) -> None:
    output = await run("return {given: context.input};", input=value)
    assert output["result"] == {"given": value}


async def test_a_large_integer_is_a_bigint_and_a_small_one_a_number(run: Run) -> None:
    output = await run(
        "return context.input.map(item => typeof item)", input=[2**53, 2**53 - 1, 1.0e300, "9" * 20]
    )
    assert output["result"] == ["bigint", "number", "number", "string"]


async def test_text_of_any_kind_passes_through_unchanged(run: Run) -> None:
    value = {"": "\0\x01\x7f\u2028\ufeff", "é😀": 'quotes " and \\ud800', "__proto__": {"x": 1}}
    assert (await run("return context.input;", input=value))["result"] == value


async def test_what_has_no_json_form_is_noted(run: Run) -> None:
    output = await run("return [NaN, 1, -Infinity];")
    assert output["result"] == [None, 1, None]
    assert output["logs"] == [
        {"level": "warning", "message": "NaN or an infinite number became null, 2 times"}
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("({id: 2n ** 63n})", 'RangeError: "id" in the result is an integer of more than 64 bits'),
        ("({late: Promise.resolve(1)})", 'TypeError: "late" in the result is a promise: await it'),
        ("(() => { const a = {}; a.a = a; return a; })()", "TypeError: circular reference"),
        ("(() => { let a = []; for (let i = 0; i < 400; i++) a = [a]; return a; })()", "cannot be kept"),
        ("(() => { let a = []; for (let i = 0; i < 2000; i++) a = [a]; return a; })()", "cannot be read"),
        ("({'\\ud800': 1})", "cannot be read"),
    ],
)
async def test_a_result_that_cannot_be_kept_is_an_error(run: Run, source: str, message: str) -> None:
    with pytest.raises(StepError) as caught:
        await run(f"return {source};")
    assert caught.value.type == ErrorType.SCRIPT
    assert message in caught.value.message
    assert not caught.value.retryable


async def test_the_console_is_kept_in_order_with_its_levels(run: Run) -> None:
    output = await run(
        "console.log('order', {id: 7}, [1n], new Map([['a', 1]]));\n"
        "console.info(null, undefined, 1.5); console.debug(() => 1);\n"
        "console.warn(Symbol('s')); console.error(new TypeError('no'));\n"
        "const circle = {}; circle.circle = circle; console.log(circle);\n"
        "console.log({toJSON() { throw 1; }, toString() { throw 2; }});"
    )
    assert [(line["level"], line["message"]) for line in output["logs"]] == [
        ("info", 'order {"id":7} [1] {"a":1}'),
        ("info", "null undefined 1.5"),
        ("debug", "[function ]"),
        ("warning", "Symbol(s)"),
        ("error", "TypeError: no"),
        ("info", "[object Object]"),
        ("info", "[object that has no text]"),
    ]


async def test_the_console_is_bounded_in_lines_and_in_their_length(run: Run) -> None:
    output = await run("console.log('é'.repeat(5000)); for (let i = 0; i < 3000; i++) console.log(i);")
    assert len(output["logs"]) == 1001
    assert output["logs"][0]["message"] == "é" * 4096 + "..."
    assert output["logs"][-1] == {"level": "warning", "message": "2001 more lines were not kept"}


@pytest.mark.parametrize("character", ["x", "€", "\\u0001", "😀"])
async def test_the_console_and_a_full_result_fit_into_a_step(run: Run, character: str) -> None:
    output = await run(
        f"for (let i = 0; i < 1000; i++) console.log('{character}'.repeat(2000));\n"
        "return 'r'.repeat(999_000);"
    )
    assert len(output["logs"]) > 10
    assert len(dumps(output)) < 1_500_000


async def test_an_error_names_its_line(run: Run) -> None:
    with pytest.raises(StepError) as caught:
        await run(
            "const total = order =>\n  order.items.length;\n\nconsole.warn('before');\nreturn total({});"
        )
    error = caught.value
    assert error.type == ErrorType.SCRIPT
    assert error.message == "TypeError: cannot read property 'length' of undefined (line 2)"
    assert error.details == {
        "line": 2,
        "stack": "at total (2:3)\nat script (5:8)",
        "logs": [{"level": "warning", "message": "before"}],
    }
    assert not error.retryable


@pytest.mark.parametrize(
    ("script", "message", "line"),
    [
        ("const a = 1;\nlet let b;", "SyntaxError: ", 2),
        ("return 1;\n}", "SyntaxError: ", 2),
        ("if (true) {\n  return 1;\n", "SyntaxError: ", 3),
        ("await null;\nmissing();", "ReferenceError: missing is not defined", 2),
        ("undeclared = 1;", "ReferenceError: ", 1),
        ("throw 'text';", "Error: text", None),
        ("throw {code: 7};", 'Error: {"code":7}', None),
        ("await Promise.reject(undefined);", "Error: undefined", None),
        ("throw null;", "the script needs more than 32 MB of memory (memory_limit_mb), or threw null", None),
        ("await new Promise(() => {});", "Error: the script awaits something that never comes", None),
        ("class Own extends Error { name = 'Own' } throw new Own('x\\0\\ud800');", "Own: x\0\ufffd", 1),
    ],
)
async def test_what_was_thrown_is_told(run: Run, script: str, message: str, line: int | None) -> None:
    with pytest.raises(StepError) as caught:
        await run(script)
    assert caught.value.type == ErrorType.SCRIPT
    assert caught.value.message.startswith(message)
    assert caught.value.details["line"] == line


async def test_promises_settle_before_the_result_is_taken(run: Run) -> None:
    script = (
        "const double = async number => { await null; return number * 2; };\n"
        "return await Promise.all(context.input.map(double));"
    )
    assert (await run(script, input=[1, 2, 3]))["result"] == [2, 4, 6]


async def test_the_clock_is_utc_and_chance_differs(run: Run) -> None:
    script = (
        "return [new Date().getTimezoneOffset(), Math.abs(Date.now() - context.input) < 60e3, Math.random()]"
    )
    first = (await run(script, input=time.time() * 1000))["result"]
    second = (await run(script, input=time.time() * 1000))["result"]
    assert first[:2] == second[:2] == [0, True]
    assert first[2] != second[2]
