"""How a run grows with its district: pupil-years a second, memory and start-up, from 5 thousand pupils to a million.

python -m benchmarks --growth [--factors 0.22 1 3 9 29] [--years 3] [--json FILE] [--figure FILE]

Each district is Erdao scaled (`simsim district scale`) and lives some years of the baseline in a process of its own, so
that start-up and the peak of memory are its own. Nothing is promised about seconds: what should be seen is that
pupil-years a second do not fall as districts grow. A pupil's memory is what the peak rose by since start-up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FACTORS = (0.22, 1, 3, 9, 29)
YEARS = 3
ROOT = Path(__file__).resolve().parent.parent
KB_PER_MB = 1024


def lived(folder: str, years: int) -> dict[str, float]:
    """Let a district live some years in this process; return seconds, pupil-years and the peak of memory."""
    begin = time.perf_counter()
    from simsim.district import District
    from simsim.districts.files import load_district
    from simsim.scenarios.scenario import Scenario

    imported, base = time.perf_counter(), peak_mb()
    data = load_district(folder)
    district = District(Scenario.load("baseline"), seed=1, data=data)
    built, pupils, pupil_years = time.perf_counter(), len(district.students), 0
    for _ in range(years):
        pupil_years += len(district.students)
        district.step()
    ended = time.perf_counter()
    return {
        "schools": len(data.schools),
        "pupils": pupils,
        "start_s": imported - begin,
        "build_s": built - imported,
        "run_s": ended - built,
        "pupil_years": pupil_years,
        "memory_mb": peak_mb(),
        "start_mb": base,
    }


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / KB_PER_MB / (KB_PER_MB if sys.platform == "darwin" else 1)


def measured(factor: float, years: int, folder: Path) -> dict[str, float]:
    """Scale Erdao and let it live in a fresh process; return what that process measured."""
    from simsim.districts.scaling import scale_district

    place = scale_district("erdao", factor, folder / f"times{factor:g}".replace(".", "-"))
    command = [sys.executable, "-m", "benchmarks.growth", str(place), str(years)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return {"factor": factor, **found}


def shown(row: dict[str, Any]) -> str:
    """Return one line of the table."""
    each, grown = row["pupil_years"] / row["run_s"], row["memory_mb"] - row["start_mb"]
    return (
        f"{row['factor']:>7g}{row['schools']:>9,}{row['pupils']:>11,}{row['start_s']:>9.2f}{row['build_s']:>9.2f}"
        f"{row['run_s']:>9.2f}{each:>15,.0f}{row['memory_mb']:>11,.0f}{grown * KB_PER_MB / row['pupils']:>13,.2f}"
    )


HEAD = (
    f"{'factor':>7}{'schools':>9}{'pupils':>11}{'start s':>9}{'build s':>9}{'run s':>9}{'pupil-years/s':>15}"
    f"{'peak MB':>11}{'kB a pupil':>13}"
)


def growth(factors: list[float], years: int, to_json: Path | None, figure: Path | None = None) -> None:
    """Print a line for each size as soon as it is known; write the numbers, and a picture of them, when asked."""
    print(HEAD)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for factor in factors:
            rows.append(measured(factor, years, Path(folder)))
            print(shown(rows[-1]), flush=True)
    if to_json:
        content = {"python": sys.version.split()[0], "years": years, "growth": rows}
        to_json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    if figure:
        draw(rows, figure)


def draw(rows: list[dict[str, Any]], file: Path) -> None:
    """Draw pupil-years a second and the peak of memory against the number of pupils."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    pupils = [row["pupils"] for row in rows]
    sheet, (speed, memory) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    speed.plot(pupils, [row["pupil_years"] / row["run_s"] / 1000 for row in rows], "o-")
    speed.set(ylabel="thousand pupil-years a second", ylim=(0, None))
    memory.plot(pupils, [row["memory_mb"] for row in rows], "o-")
    memory.set(ylabel="peak memory, MB", ylim=(0, None))
    for axes in (speed, memory):
        axes.set(xscale="log", xlabel="pupils in the first year")
        axes.spines[["top", "right"]].set_visible(False)
    sheet.savefig(file, dpi=120)
    plt.close(sheet)


if __name__ == "__main__":
    print(json.dumps(lived(sys.argv[1], int(sys.argv[2]))))
