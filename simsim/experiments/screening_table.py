"""The table of a screening as a file: with digests of itself and of what it was made from; used for nothing else."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from simsim.experiments.comparison import STAGES_SHOWN
from simsim.experiments.manifest import digest, is_sealed, sealed, write_json
from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.inputs.documents import Document, Draft
from simsim.inputs.indicators import indicators
from simsim.inputs.numbers import NOT_DEFINED, defined
from simsim.inputs.parameters import KINDS_ZH
from simsim.inputs.paths import resource
from simsim.inputs.whole_files import marked_csv, write_bytes

SCHEMA = "simsim-sensitivity/3"
FILE, CSV = "sensitivity.json", "sensitivity.csv"
OLDER = ("simsim-sensitivity/1", "simsim-sensitivity/2")
ALL = "all"
PROBE = "probe"
NEEDED = {"a", "b", "made_from", "columns", "rows", "whole", PROBE}
RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""How near a world's outcomes must come to those that a table keeps of it: the last bit of exp differs between CPUs."""
SHIPPED = "sensitivity"
"""The folder of parameters/ in which tables of other people's screenings may lie, under any name that ends in .json."""
COLUMNS = ("parameter", "kind", "indicator", "stage", "year", "mu_star", "conf", "sigma", "mu", "rank", "noise",
           "noise_share", "trajectories")  # fmt: skip


HEADINGS = {
    "en": ("Indicator", "Stage", "Year", "Rank", "Parameter", "Kind", "Moves the difference by", "± 95 %", "Sigma",
           "Mu", "Unit", "Run-to-run SD", "Share of variance run to run"),
    "zh": ("指标", "学段", "年份", "序号", "参数", "性质", "差别的变化", "±95%", "离散度", "平均变化", "单位",
           "随机波动标准差", "随机波动占方差"),
}  # fmt: skip
MOST_SHOWN = 8
DIGITS = 3


def made_from(manifest: Document, a: str, b: str) -> Draft:
    """Return the digests of what the difference of two scenarios of an experiment rests on: the scenarios, their
    districts, the parameters, the official methods, the last year, and the code.
    """
    inputs, districts = manifest.get("inputs", {}), manifest.get("districts", {})
    mine = {name: inputs.get("scenarios", {}).get(name) for name in (a, b)}
    places = sorted({str(districts.get(name)) for name in (a, b)})
    return {
        "scenarios": mine,
        "districts": {place: inputs.get("districts", {}).get(place) for place in places},
        **{name: inputs.get(name) for name in ("parameters", "standards", "to", "fixed_parameters")},
        "code": manifest.get("code"),
    }


def write_table(
    table: pd.DataFrame, manifest: Document, a: str, b: str, folder: Path, whole: bool, probe: Draft | None = None
) -> Path:
    """Write a table with what it was made from, beside a CSV of it for people, and return the file.

    `whole` tells whether all drawn parameters were varied; `probe` is the difference in one ordinary world (`seed`,
    `values` by indicator/stage), by which a reader of other code sees whether that code still gives the same.
    """
    rows = json.loads(table.to_json(orient="values", double_precision=15))
    for_people = marked_csv(table)
    content: Draft = {
        "schema": SCHEMA, "a": a, "b": b, "made_from": made_from(manifest, a, b), "columns": list(table.columns),
        "rows": rows, "whole": whole, PROBE: probe, "csv": digest(for_people),
    }  # fmt: skip
    write_json(sealed(content), folder / FILE)
    write_bytes(for_people, folder / CSV)
    return folder / FILE


@once
def table_for(results: Results, a: str, b: str) -> pd.DataFrame | None:
    """Return the screening of all drawn parameters, of the difference `a` minus `b`, that was made from just what these
    results were made from: of the experiment's folder, of one beside it, or one that simsim ships; None when there is
    none. Other code is the same when it gives the table's own world (PROBE) the same outcomes.
    """
    wanted = made_from(results.manifest, a, b)
    if not results.manifest.get("inputs"):
        return None
    for path in _places(results.folder):
        found = _read(path)
        if not found or (found["a"], found["b"]) != (a, b) or not found["whole"]:
            continue
        made = found["made_from"]
        if digest({**made, "code": None}) == digest({**wanted, "code": None}) and (
            made["code"] == wanted["code"] or gives_the_same(found[PROBE], results, a, b)
        ):
            return pd.DataFrame(found["rows"], columns=found["columns"])
    return None


def probe_of(results: Results, a: str, b: str, seed: int, names: list[str]) -> Draft:
    """Return the difference in one world of results in their last year, by indicator/stage: what a table keeps."""
    gaps = results.for_replications([seed]).gaps(a, b, names, results.years[-1])
    rows = zip(gaps.index, gaps[seed].tolist(), strict=True)
    values = {f"{name}/{stage}": value for (name, stage, group, _), value in rows if group == ALL and value == value}
    return {"seed": seed, "values": values}


def gives_the_same(probe: Document | None, results: Results, a: str, b: str) -> bool:
    """Return whether results give a table's world the outcomes that the table keeps of it; not where they lack it."""
    seed = 0 if not probe else int(probe["seed"])
    if not probe or any(seed not in results.replications(name) for name in (a, b)):
        return False
    return alike(probe, probe_of(results, a, b, seed, sorted({key.split("/")[0] for key in probe["values"]})))


def alike(probe: Document, other: Document) -> bool:
    """Return whether two probes of a world have the same outcomes, but for the last bits."""
    kept, here = probe["values"], other["values"]
    return set(here) == set(kept) and all(
        math.isclose(here[key], value, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for key, value in kept.items()
    )


def _places(folder: Path | None) -> Iterator[Path]:
    """Yield the files in which a table may stand, the nearest first."""
    if folder is not None:
        yield folder / FILE
        yield from sorted(folder.resolve().parent.glob(f"*/{FILE}"))
    shipped = resource("parameters") / SHIPPED
    if shipped.is_dir():
        yield from sorted(shipped.glob("*.json"))


def _read(path: Path) -> Draft | None:
    """Return a file's content; None for one that is missing, of an older form, or (and then it is said) not as it was
    written.
    """
    content = _content(path)
    if not path.is_file() or content.get("schema") in OLDER:
        return None
    if not _is_whole(content):
        _say_changed(path)
        return None
    return content


@cache
def _say_changed(path: Path) -> None:
    remedy = "was changed by hand or damaged, and counts for nothing; repeat `simsim sensitivity`, or delete it"
    logging.getLogger("simsim").warning("%s %s", path, remedy)


def as_written(path: Path) -> bool:
    """Whether the table in a file is, field by field, the one that was written."""
    return _is_whole(_content(path))


def _is_whole(content: Draft) -> bool:
    return content.get("schema") == SCHEMA and set(content) >= NEEDED and is_sealed(content)


def changed(folder: Path) -> list[str]:
    """Return which files of a screening's table in a folder are not as they were written."""
    path, csv = folder / FILE, folder / CSV
    content = _content(path)
    if not path.is_file() or content.get("schema") in OLDER:
        return []
    if not _is_whole(content):
        return [FILE]
    kept = content.get("csv")
    return [CSV] if csv.is_file() and kept is not None and digest(csv.read_bytes()) != kept else []


def _content(path: Path) -> Draft:
    """Return what a file holds; nothing for one that cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def shown(table: pd.DataFrame, lang: str = "en", most: int = MOST_SHOWN) -> pd.DataFrame:
    """Return the parameters that move each outcome most, as text."""
    known, types = indicators(), KINDS_ZH if lang == "zh" else {}
    rows = []
    for row in table[(table["rank"] <= most) & (table["mu_star"] > 0)].to_dict("records"):
        entry = known[row["indicator"]]
        numbers = [_digits(row[name], lang) for name in ("mu_star", "conf", "sigma", "mu")]
        share = f"{row['noise_share']:.0%}" if defined(row["noise_share"]) else NOT_DEFINED[lang]
        stage = STAGES_SHOWN[lang].get(row["stage"], row["stage"])
        first = (entry.label[lang], stage, row["year"], int(row["rank"]), row["parameter"])
        kind = types.get(row["kind"], row["kind"])
        rows.append((*first, kind, *numbers, entry.unit[lang], _digits(row["noise"], lang), share))
    return pd.DataFrame(rows, columns=list(HEADINGS[lang]))


def _digits(value: float, lang: str) -> str:
    return f"{value:.{DIGITS}g}" if defined(value) else NOT_DEFINED[lang]
