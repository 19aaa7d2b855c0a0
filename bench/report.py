"""The figures as text."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bench.measure import Accepted, Executions, at_a_time, percentile

PARTS = ("api", "worker", "temporal", "postgres")


def accepted_table(title: str, rows: Sequence[Accepted]) -> str:
    """What accepting took."""
    heads = "".join(f"{part:>10}" for part in PARTS)
    lines = [
        f"{title:<22}{'accepted/s':>12}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}  CPU ms:{heads}{'total':>8}"
    ]
    for row in rows:
        cpu = "".join(f"{row.cpu[part]:>10.1f}" for part in PARTS)
        lines.append(
            f"{row.load:<22}{row.per_second:>12.1f}{_quantiles(row.latencies, 0.5, 0.95, 0.99)}  {'':>7}"
            f"{cpu}{sum(row.cpu.values()):>8.1f}"
        )
    return "\n".join(lines)


def executions_table(title: str, rows: Sequence[Executions]) -> str:
    """What executing took, and its ratio to the last row, the hand-written one."""
    heads = "".join(f"{part:>10}" for part in PARTS)
    lines = [
        f"{title:<22}{'completed/s':>12}{'p50 ms':>9}{'p99 ms':>9}  CPU ms:{heads}{'total':>8}{'ratio':>8}"
    ]
    for row in rows:
        cpu = "".join(f"{row.cpu[part]:>10.1f}" if part in row.cpu else f"{'':>10}" for part in PARTS)
        lines.append(
            f"{row.name:<22}{row.per_second:>12.1f}{_quantiles(row.latencies)}  {'':>7}"
            f"{cpu}{row.cpu_total:>8.1f}{_ratio(row, rows):>8.2f}"
        )
    return "\n".join(lines)


class Aim(NamedTuple):
    """What a mode is to need at most."""

    ratio: float
    """Of the hand-written workflow's CPU."""
    latency: float
    """Milliseconds from the request to the end, at the median, on idle servers."""


AIMS = {"fast": Aim(0.5, 60), "durable": Aim(1.0, 150)}


def aims_lines(single: Sequence[Executions], many: Sequence[Executions]) -> str:
    """Which aims are met."""
    lines = ["aims"]
    for one, several in zip(single, many, strict=True):
        if aim := AIMS.get(one.name):
            latency = percentile(one.latencies, 0.5) * 1000
            ratios = [_ratio(one, single), _ratio(several, many)]
            lines.append(
                f"{one.name:<9}latency {latency:.0f} ms, below {aim.latency:g}: "
                + _met(latency < aim.latency)
                + f"; CPU ratio {ratios[0]:.2f} and {ratios[1]:.2f}, at most {aim.ratio:.2f}: "
                + _met(max(ratios) <= aim.ratio)
            )
    return "\n".join(lines)


WEBHOOK_AIM = (20, 50.0)
"""Events at a time, and the milliseconds in which 99 of 100 are to be answered."""


def webhook_aim_line(rows: Sequence[Accepted]) -> str:
    """Whether the aim of webhooks is met."""
    concurrency, aim = WEBHOOK_AIM
    row = next(row for row in rows if row.load == at_a_time(concurrency))
    latency = percentile(row.latencies, 0.99) * 1000
    return f"webhook  p99 at {concurrency} at a time {latency:.0f} ms, below {aim:g}: {_met(latency < aim)}"


def idle_line(idle: Mapping[str, float]) -> str:
    """What the processes take while nothing happens."""
    return "idle, CPU ms per second: " + ", ".join(f"{name} {value:.1f}" for name, value in idle.items())


def _ratio(row: Executions, rows: Sequence[Executions]) -> float:
    return row.cpu_total / rows[-1].cpu_total


def _met(met: bool) -> str:
    return "met" if met else "missed"


def _quantiles(latencies: Sequence[float], *shares: float) -> str:
    return "".join(f"{percentile(latencies, share) * 1000:>9.1f}" for share in shares or (0.5, 0.99))
