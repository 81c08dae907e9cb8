"""What a run of the scenarios of `make report` costs on average, as an experiment runs them: a block of seeds in one
process, building and first years shared, results packed as files; the solving of worlds is timed apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from simsim.district import solution
from simsim.experiments import worker
from simsim.experiments.experiment import Experiment

SCENARIOS = (
    "baseline", "plan", "plan-bound", "plan-late", "openings-only", "plan-recruit", "plan-rooms", "rotation-balancing"
)  # fmt: skip
"""Those of the Makefile; a test compares."""
FIRST_SEED = 6
HEAD = "  runs    run s   ratio  packing s   ratio  solving s   ratio  reference s"


def measure(seeds: int, to: int, reference: Callable[[], float]) -> dict[str, Any]:
    """Return CPU seconds a run (living, packing, solving), and each as a ratio to `reference`, which gives the CPU
    seconds of the reference loop and is asked before and after.
    """
    experiment = Experiment(SCENARIOS, seeds, FIRST_SEED, to)
    data, runs = experiment.data[SCENARIOS[0]], seeds * len(SCENARIOS)
    worker.simulate(experiment.scenarios[1], FIRST_SEED - 1, to, False, data)  # whatever is loaded or compiled once
    before = reference()
    solving = _clock(lambda: [solution(data, seed) for seed in experiment.seeds])
    shares = tuple(experiment.share(scenario, experiment.seeds) for scenario in experiment.scenarios)
    packing = _Timed(worker._found)
    worker._found, whole = packing, worker._found
    try:
        living = _clock(lambda: list(worker.run_unit(worker.Unit(FIRST_SEED, shares, to, False))))
    finally:
        worker._found = whole
    yardstick = min(before, reference())
    found = {"run": living - packing.seconds, "packing": packing.seconds, "solving": solving}
    row: dict[str, Any] = {f"{name}_s": seconds / runs for name, seconds in found.items()}
    row |= {f"{name}_ratio": seconds / runs / yardstick for name, seconds in found.items()}
    return row | {"scenario": "block", "runs": runs, "reference_s": yardstick, "ratio": row["run_ratio"]}


class _Timed:
    """A function that adds up the CPU seconds of its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *given: Any) -> Any:
        start = time.process_time()
        found = self.function(*given)
        self.seconds += time.process_time() - start
        return found


def _clock(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def shown(row: dict[str, Any]) -> str:
    """Return the table that is printed."""
    cells = "".join(f"{row[f'{name}_s']:>{width}.3f}{row[f'{name}_ratio']:>8.2f}" for name, width in WIDTHS.items())
    return f"{HEAD}\n{row['runs']:>6}{cells}{row['reference_s']:>13.4f}"


WIDTHS = {"run": 9, "packing": 11, "solving": 11}
