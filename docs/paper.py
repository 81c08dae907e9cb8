"""`make paper`: every number and figure of a short methods text, from one command, into outputs/paper/.

The text (methods.md) is written here with the numbers that the runs found; nothing in it is typed in by hand.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd

import simsim
from simsim.experiments.comparison import compared, main_indicators, shown
from simsim.experiments.evidence import graded
from simsim.explorer.sentences import in_words
from simsim.inputs import parameters
from simsim.inputs.indicators import primary_outcomes
from simsim.report.display import plot

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ("baseline", "plan", "rotation-only", "openings-only")
FIGURES = (("cv_composite", "primary"), ("teacher_gap", "primary"), ("score", "primary"))
SEEDS, JOBS = 30, 2

TEXT = """# Methods and results of simsim {version}

simsim is an agent-based model of a school district: {pupils:,} pupils, {teachers:,} teachers and {schools} schools
(synthetic, made from published totals of Erdao District) live from {first} to {last}. It has {parameters} parameters,
{drawn} of them uncertain and drawn anew in each world (worlds: {n}; {judged} are judgement, {published} published); the
same world is lived under every scenario, so that differences are paired. {mode}

## What the plan changes

{answers}

## All scenarios, last year

{table}

Figures: {figures}. Made by `make paper`; `simsim verify {folder}` recomputes the runs. Code {code}.
"""


def main() -> None:
    """Run, draw, and write the text."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=SEEDS)
    asked.add_argument("--to", type=int, default=None)
    asked.add_argument("--jobs", type=int, default=JOBS)
    asked.add_argument("--out", type=Path, default=ROOT / "outputs" / "paper")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    experiment = simsim.Experiment(list(SCENARIOS), seeds=given.seeds, to=given.to)
    results = experiment.run(jobs=given.jobs, out=given.out / "runs", replace=True)
    table = graded(results, compared(results), main_indicators())
    table.to_csv(given.out / "differences.csv", index=False)
    names = [figure(results, *one, given.out) for one in FIGURES]
    (given.out / "methods.md").write_text(written(results, table, names), encoding="utf-8")
    sys.stdout.write(f"{given.out / 'methods.md'}\n")


def figure(results: simsim.Results, indicator: str, stage: str, out: Path) -> str:
    """Draw one figure as the reports do, and return the name of its file."""
    name = f"{indicator}-{stage}.png"
    plot(results, indicator, stage).figure.savefig(out / name)
    return name


def written(results: simsim.Results, table: pd.DataFrame, figures: list[str]) -> str:
    """Return the text with its numbers."""
    known, last = parameters.load(), results.years[-1]
    levels = results.bands(["pupils", "teachers"], "all", "all", results.years[0], "baseline").set_index("indicator")[
        "mean"
    ]
    drawn = [p for p in known.values() if p.uncertain]
    schools = results.frame("schools")
    here = schools[(schools["year"] == results.years[0]) & (schools["scenario"] == "baseline")]
    answers = [in_words(results, "plan", "baseline", name, "primary", width=10_000) for name in primary(results)]
    return TEXT.format(
        version=version("simsim"),
        pupils=round(levels["pupils"]),
        teachers=round(levels["teachers"]),
        schools=here["school"].nunique(),
        first=results.years[0],
        last=last,
        parameters=len(known),
        drawn=len(drawn),
        judged=sum(p.kind == "judgement" for p in drawn),
        published=sum(p.kind == "published" for p in drawn),
        n=len(results.replications("plan")),
        mode=results.mode,
        answers="\n\n".join(answers),
        table=markdown(shown(table)),
        figures=", ".join(figures),
        folder=results.folder.relative_to(ROOT) if results.folder.is_relative_to(ROOT) else results.folder,
        code=results.manifest["code"][:12],
    )


def primary(results: simsim.Results) -> list[str]:
    """Return the primary outcomes that were recorded for primary schools."""
    frame = results.frame("district_year")
    there = set(frame.loc[frame["stage"] == "primary", "indicator"])
    return [name for name in primary_outcomes() if name in there]


def markdown(table: pd.DataFrame) -> str:
    """Return a table as Markdown."""
    rows = [list(table.columns), ["---"] * len(table.columns), *table.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)


if __name__ == "__main__":
    main()
