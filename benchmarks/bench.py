"""How long one run takes, beside a plain NumPy loop timed in the same process, so that the ratio means the same on two
machines.

python -m benchmarks [SCENARIO ...] [--runs 5] [--to 2024] [--json FILE] [--update]
python -m benchmarks --block [--runs 2] [--to 2024] [--json FILE] [--update]    the eight scenarios, together (block.py)
python -m benchmarks --growth [--factors 0.22 1 3 9 29] [--years 3] [--json FILE] [--figure FILE]    (growth.py)

The ratio is compared with the stored one (benchmarks/baseline.json), and the last lines say in words what came of it;
`--update` stores the new one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import block, growth

# The reference does, on as many rows as Erdao has pupils, what a year mostly does: draw, sort, count, weigh, write.
ROWS = 40_000
YEARS = 11
DRAWS = 8
GROUPS = 40
BEST_OF = 5
STORED = Path(__file__).with_name("baseline.json")
WITHIN = 0.1
"""Ratios differ by about this much from run to run on a quiet machine; less is no news."""


def reference() -> float:
    """Do the work of the reference loop and return a number that depends on all of it."""
    generator = np.random.Generator(np.random.Philox(1))
    knowledge, school = np.zeros(ROWS), np.arange(ROWS) % GROUPS
    for _ in range(YEARS):
        for _ in range(DRAWS):
            chance = generator.random(ROWS)
            knowledge += np.where(chance < 0.5, chance, -chance)
        order = np.argsort(knowledge, kind="stable")
        school = school[order]
        mean = np.bincount(school, knowledge, GROUPS) / np.bincount(school, minlength=GROUPS)
        knowledge = knowledge[order] + np.exp(-np.abs(mean))[school]
    return float(knowledge.sum())


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(scenario: str, runs: int, to: int) -> dict[str, Any]:
    """Time `runs` replications of a scenario, build included, after one that warms the caches."""
    from simsim.district import District

    pupils = live(District(scenario, seed=1), to)
    built = [seconds(lambda: District(scenario, seed=1)) for _ in range(runs)]
    whole = [
        seconds(lambda seed=seed: District(scenario, seed=seed).run(to=to).tables()) for seed in range(1, runs + 1)
    ]
    yardstick = min(seconds(reference) for _ in range(BEST_OF))
    return {
        "scenario": scenario,
        "best_s": min(whole),
        "median_s": statistics.median(whole),
        "build_s": min(built),
        "pupil_years": pupils,
        "ns_per_pupil_year": min(whole) / pupils * 1e9,
        "reference_s": yardstick,
        "ratio": min(whole) / yardstick,
    }


def cpu_seconds() -> float:
    """Return the least CPU seconds of the reference loop."""

    def once() -> float:
        start = time.process_time()
        reference()
        return time.process_time() - start

    return min(once() for _ in range(BEST_OF))


def live(district: Any, to: int) -> int:
    """Run a district and return how many pupil-years it lived."""
    pupils = 0
    while district.year <= to:
        pupils += len(district.students)
        district.step()
    return pupils


def shown(rows: list[dict[str, Any]]) -> str:
    """Return the table that is printed."""
    columns = {"scenario": "<20", "best s": ">8", "median s": ">10", "build s": ">9", "ns/pupil-year": ">15"}
    head = "".join(format(name, width) for name, width in (columns | {"reference s": ">13", "ratio": ">7"}).items())
    lines = [
        f"{r['scenario']:<20}{r['best_s']:>8.2f}{r['median_s']:>10.2f}{r['build_s']:>9.2f}{r['ns_per_pupil_year']:>15.0f}"
        f"{r['reference_s']:>13.4f}{r['ratio']:>7.1f}"
        for r in rows
    ]
    return "\n".join([head, *lines])


def comment(scenario: str, ratio: float, stored: float | None) -> str:
    """Return in words how a ratio compares with the stored one."""
    if stored is None:
        return f"{scenario}: nothing stored to compare with; `python -m benchmarks --update` stores this ratio"
    change = ratio / stored - 1.0
    if abs(change) <= WITHIN:
        return f"{scenario}: within {WITHIN:.0%} of the stored ratio ({ratio:.1f}, stored {stored:.1f})"
    word = "slower" if change > 0 else "faster"
    return f"{scenario}: {abs(change):.0%} {word} than the stored ratio ({ratio:.1f}, stored {stored:.1f})"


def stored_ratios() -> dict[str, float]:
    """Return the stored ratios by scenario and last year, empty when nothing is stored yet."""
    return json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}


def key(row: dict[str, Any], to: int) -> str:
    return f"{row['scenario']} to {to}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time runs of simsim.")
    parser.add_argument("scenarios", nargs="*", default=["baseline", "plan"])
    parser.add_argument("--runs", type=int, help="replications of each scenario, 5 (with --block: 2)")
    parser.add_argument("--to", type=int, default=2024)
    parser.add_argument("--json", type=Path, help="write the numbers to a file too")
    parser.add_argument("--update", action="store_true", help="store these ratios as the ones to compare with")
    parser.add_argument(
        "--block", action="store_true", help="time the scenarios of make report as experiments run them"
    )
    parser.add_argument("--growth", action="store_true", help="time districts from 5 thousand to a million pupils")
    parser.add_argument("--factors", type=float, nargs="+", default=list(growth.FACTORS), help="sizes for --growth")
    parser.add_argument("--years", type=int, default=growth.YEARS, help="school years for --growth")
    parser.add_argument("--figure", type=Path, help="picture of what --growth found, a PNG")
    asked = parser.parse_args()
    if asked.growth:
        growth.growth(asked.factors, asked.years, asked.json, asked.figure)
        return
    if asked.block:
        rows = [block.measure(asked.runs or 2, asked.to, cpu_seconds)]
        print(block.shown(rows[0]))
    else:
        rows = [measure(scenario, asked.runs or 5, asked.to) for scenario in asked.scenarios]
        print(shown(rows))
    stored = stored_ratios()
    print("\n".join(comment(r["scenario"], r["ratio"], stored.get(key(r, asked.to))) for r in rows))
    if asked.update:
        new = stored | {key(r, asked.to): round(r["ratio"], 1) for r in rows}
        STORED.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"stored in benchmarks/{STORED.name}")
    if asked.json:
        asked.json.write_text(
            json.dumps({"python": sys.version.split()[0], "runs": rows}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
