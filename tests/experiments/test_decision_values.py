"""Every value of the decision page is worked out again from the tables with plain pandas, world by world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import simsim
from simsim.experiments.decision import between
from simsim.experiments.store import from_bytes

STAGES = ("primary", "junior")


@pytest.fixture(scope="module")
def table(small_experiment):
    return simsim.decision(small_experiment)


class Again:
    """The values of one option by world, from the parquet tables alone."""

    def __init__(self, year: pd.DataFrame, law: pd.DataFrame, option: str) -> None:
        self.year, self.law = (frame[(frame["scenario"] == option) & (frame["year"] > 2014)] for frame in (year, law))
        self.worlds = sorted(self.year["replication"].unique())
        self.of = dict(list(self.year.groupby(["indicator", "stage"])))

    def by_year(self, indicator: str, stage: str = "all") -> pd.DataFrame:
        mine = self.of.get((indicator, stage), self.year.iloc[:0])
        return mine.pivot(index="year", columns="replication", values="value").reindex(columns=self.worlds)

    def at_end(self, indicator: str, stage: str) -> pd.Series:
        return self.by_year(indicator, stage).loc[self.year["year"].max()]

    def nearest(self, names: list[str], lines: dict[str, float]) -> pd.Series:
        inside = [line - self.at_end(name, stage) for stage, line in lines.items() for name in names]
        return pd.concat(inside, axis=1).min(axis=1)

    def value(self, name: str, stage: str) -> pd.Series:
        nobody = pd.Series(0.0, self.worlds)
        if name == "seats_short":
            return (self.by_year("pupils", stage) - self.by_year("seats", stage)).max()
        if name in ("law_rooms", "law_yuan"):
            sums = self.law.groupby("replication")[name.removeprefix("law_")].sum()
            return sums.reindex(self.worlds, fill_value=0.0).astype(float)
        if name in ("turned_away", "net_cost"):
            return self.by_year({"net_cost": "money_out"}.get(name, name)).sum()
        if name == "waiting":
            return self.by_year(name).max()
        if name == "teacher_gap":
            return self.at_end(name, stage)
        if name in ("moved_share", "moved_backbone"):
            what = {"moved_share": "rotation_good_share"}.get(name, "rotation_good_backbone_share")
            found = self.by_year(what).mean()
            return found.fillna(0.0) if name == "moved_share" else found
        if name == "unfilled_posts":
            return sum((self.at_end("posts", s) - self.at_end("teachers", s) for s in STAGES), nobody)
        if name == "margin_2012":
            return self.nearest(["cv_composite"], {"primary": 0.65, "junior": 0.55})
        if name == "margin_2017":
            seven = sorted({name for name, _ in self.of if name.startswith("cv17_")})
            return self.nearest(seven, {"primary": 0.50, "junior": 0.45})
        return self.by_year("money_balance").min()


HOLDS = {
    "short": lambda v: v > 0, "dearer": lambda v: v > 0, "in_debt": lambda v: v < -1, "inside": lambda v: v >= 0,
}  # fmt: skip
LINES = {"moved_share": 0.1, "moved_backbone": 0.2}


def read(folder: Path, name: str) -> pd.DataFrame:
    parts = sorted((folder / name).rglob("*.parquet"))
    frame = pd.concat(from_bytes(part.read_bytes())[0].to_pandas() for part in parts)
    frame = frame[frame["group"] == "all"] if "group" in frame else frame
    return frame.astype({name: str for name in ("scenario", "indicator", "stage") if name in frame})


@pytest.mark.slow
def test_every_number_of_the_page_is_found_again_in_the_tables(table, small_experiment):
    tables = [read(small_experiment.folder, name) for name in ("district_year", "law_rooms")]
    again = {name: Again(*tables, name) for name in small_experiment.scenarios}
    for row in table.to_dict("records"):
        name, own = row["value"], row["option"] == "baseline"
        mine = again[row["option"]].value(name, row["stage"]).astype(float)
        gaps = mine - again["baseline"].value(name, row["stage"])
        shown = gaps if name == "net_cost" else mine
        expected = [shown.median(), shown.quantile(0.05), shown.quantile(0.95)]
        np.testing.assert_allclose([row["median"], row["low"], row["high"]], expected, rtol=1e-9, err_msg=name)
        assert row["n"] == shown.notna().sum()
        if row["counted"] == "reached":
            assert row["worlds"] == (shown.dropna().round(2) >= LINES[name]).sum()
        elif row["counted"]:
            assert row["worlds"] == HOLDS[row["counted"]](shown.dropna()).sum()
        if not own and gaps.notna().any():
            found = [row["difference"], row["difference_low"], row["difference_high"]]
            np.testing.assert_allclose(found, [gaps.median(), *gaps.quantile([0.05, 0.95])], rtol=1e-9, atol=1e-9)
            assert row["with_sign"] == (np.sign(gaps) == np.sign(gaps.median())).sum()
    assert set(table["value"]) >= {"seats_short", "margin_2017", "worst_balance"} and len(table) == 15 * 3
    apart = between(small_experiment, "plan", "evil")
    assert len(apart) >= 14
    for row in apart.to_dict("records"):
        gaps = again["plan"].value(row["value"], row["stage"]) - again["evil"].value(row["value"], row["stage"])
        found = [row["difference"], row["difference_low"], row["difference_high"], row["with_sign"]]
        expected = [gaps.median(), *gaps.quantile([0.05, 0.95]), (np.sign(gaps) == np.sign(gaps.median())).sum()]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
