"""How long one run takes, beside a plain NumPy loop timed in the same process, so that the ratio means the same on two
machines.

python -m benchmarks [SCENARIO ...] [--runs 5] [--to 2024] [--json FILE]
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

# The reference does, on as many rows as Erdao has pupils, what a year mostly does: draw, sort, count, weigh, write.
ROWS = 40_000
YEARS = 11
DRAWS = 8
GROUPS = 40
BEST_OF = 5


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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time runs of simsim.")
    parser.add_argument("scenarios", nargs="*", default=["baseline", "plan"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--to", type=int, default=2024)
    parser.add_argument("--json", type=Path, help="write the numbers to a file too")
    asked = parser.parse_args()
    rows = [measure(scenario, asked.runs, asked.to) for scenario in asked.scenarios]
    print(shown(rows))
    if asked.json:
        asked.json.write_text(
            json.dumps({"python": sys.version.split()[0], "runs": rows}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
