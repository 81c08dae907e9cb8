"""The comparison table: every number of it worked out anew from the tables of results, with none of its code."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest
import yaml

from simsim.inputs.paths import resource
from simsim.report.tables import accounts, measures
from simsim.report.tables.plan_table import plan_table

SHARES = {"equipment_standard_share", "equipment_use", "clusters_pupils_share", "training_coverage", "fit_share",
          "training_coverage_principals", "rotation_good_share", "rotation_good_backbone_share", "one_skill_share",
          "shared_lessons_share", "evaluating_share", "migrant_public_share", "disabled_served_share"}  # fmt: skip


def cells(page):
    """Return the rows of a page's tables as the texts of their cells, one of a piece in `small` after a bar."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    found = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
    return [[unescape(re.sub("<[^>]+>", "", re.sub("<small>", "|", cell))) for cell in row] for row in found]


def read(text):
    """Return a printed number, per cent as a share."""
    number = float(re.sub("[^0-9.−-]", "", text).replace("−", "-"))
    return number / 100.0 if "%" in text else number


def near(printed, value, money, share, decimals=3):
    """Tell whether a printed number is a value, rounded as it is printed."""
    value = value / money if money else value
    places = len(re.sub("[^0-9.]", "", printed).partition(".")[2])
    step = (0.01 if share else 1.0) * 10.0**-places
    return abs(read(printed) - value) <= 0.5 * step + 1e-9


def judged(frame, line, year):
    """Return a line's number by world."""
    names = line["indicator"] if isinstance(line["indicator"], list) else [line["indicator"]]
    mine = frame[
        (frame["year"] == year) & (frame["stage"] == line["stage"]) & (frame["group"] == line.get("group", "all"))
    ]
    by_world = [mine.loc[mine["indicator"] == name].set_index("replication")["value"].sort_index() for name in names]
    worst = np.max if line.get("rule") == "at_most" else np.min
    return worst(np.array([values.to_numpy() for values in by_world]), axis=0) if len(by_world[0]) else np.array([])


@pytest.fixture(scope="module")
def plan():
    with open(resource("parameters") / "plans" / "erdao-2014-2016.yaml", encoding="utf-8") as file:
        return yaml.safe_load(file)


@pytest.mark.slow
def test_every_number_of_the_comparison_table_follows_from_the_tables(view, plan):
    with open(resource("parameters") / "scoreboard.yaml", encoding="utf-8") as file:
        board = yaml.safe_load(file)["lines"]
    frame = view.results.frame("district_year")
    frame = frame[frame["scenario"] == "plan"].astype({"indicator": str, "stage": str, "group": str})
    costs = view.results.frame("costs")
    costs = costs[(costs["scenario"] == "plan") & (costs["kind"] != "donated")]
    money = 1e4 if view.lang == "zh" else 1e6
    rows = iter(cells(plan_table(view))[1:])
    checked = 0
    for heading in plan["headings"]:
        lines = [board[name] for name in heading.get("lines", ())] + heading.get("values", [])
        for place, line in enumerate(lines):
            row = next(rows)
            if place == 0:
                paid = costs[costs["measure"].isin(heading["measures"])].groupby("replication")["value"].sum()
                paid = paid.reindex([1, 2]).fillna(0.0)
                assert heading["words"][view.lang] in row[0]
                spread_of(row[-3].split("|"), paid.to_numpy(), money, False)
                on_time(view, plan, heading, row[1])
                row = [*row[2:-3]]
            values = judged(frame, line, 2016)
            name = line["indicator"] if isinstance(line["indicator"], str) else ""
            printed = row[2].split("|")
            if "limit" in line and len(values):
                kept = printed.pop()
                assert re.search(r"(\d) of 2$" if view.lang == "en" else r"2次中(\d)次", kept)[1] == inside(
                    values, line
                )
                assert name.endswith("_met") or read(row[1]) == max(limit(line), 0.0)
            if len(values) and not name.endswith("_met"):
                spread_of(printed, values, money if name == "money_balance" else 0.0, name in SHARES)
            checked += len(values)
    assert next(rows, None) is None and checked > 60


def spread_of(printed, values, money, share):
    """Check a printed median, and the 5-95 % range under it, which is left out where its ends are printed alike."""
    numbers = [printed[0], *(re.split(" to |至", printed[1]) if len(printed) > 1 else [printed[0]] * 2)]
    expected = np.quantile(values, [0.5, 0.05, 0.95])
    assert all(near(*pair, money, share) for pair in zip(numbers, expected, strict=True)), (printed, expected)


LINES = {"basic-2012": {"primary": 0.65, "junior": 0.55}, "quality-2017": {"primary": 0.5, "junior": 0.45}}


def limit(line):
    """Return the number of a rule, of the official methods as they are published."""
    number = line["limit"]
    return float(LINES[number["standard"]][line["stage"]] if isinstance(number, dict) else number)


def inside(values, line):
    """Return in how many worlds a rule is kept, as it is printed."""
    values = values.round(line["round"]) if "round" in line else values
    return str(int((values <= limit(line) if line["rule"] == "at_most" else values >= limit(line)).sum()))


def on_time(view, plan, heading, printed):
    """Check the last deadline of a heading and in how many worlds it is kept."""
    table = view.results.frame("milestones")
    table = table[table["scenario"] == "plan"].astype({"measure": str, "milestone": str, "due": str})
    named = {(m["id"], step["name"]) for m in plan["measures"] for step in m.get("milestones", ())}
    mine = table[
        [
            m in heading["measures"] and (m, s) in named
            for m, s in zip(table["measure"], table["milestone"], strict=True)
        ]
    ]
    if mine.empty:
        assert "20" not in printed
        return
    last = mine[mine["due"] == mine["due"].max()]
    kept = int(last.groupby("replication")["met"].min().sum())
    said = f"{kept} of 2" if view.lang == "en" else f"2次中{kept}次"
    assert printed.startswith(last["due"].iloc[0]) and said in printed


@pytest.mark.slow
def test_every_measure_is_accounted_for_with_its_money_and_dose(view, plan):
    page = measures.measures(view)
    ids = re.findall(r"<b>([A-Z]\d)</b>", page)
    assert sorted(ids) == sorted(m["id"] for m in plan["measures"])
    costs, touched = view.results.frame("costs"), view.results.frame("touched")
    for row in (row for row in cells(page) if re.match(r"[A-Z]\d ", row[0])):
        mine = costs[(costs["scenario"] == "plan") & (costs["measure"] == row[0][:2]) & (costs["kind"] != "donated")]
        paid = mine.groupby("replication")["value"].sum().reindex([1, 2]).fillna(0.0)
        assert near(row[3].split("|")[0], paid.median(), 1e4 if view.lang == "zh" else 1e6, False)
        doses = touched[(touched["scenario"] == "plan") & (touched["measure"] == row[0][:2])].groupby("replication")
        if len(doses):
            printed = re.match(r"[\d,]+", row[1]).group()
            assert abs(read(printed) - doses["value"].sum().median()) <= 0.5


def test_what_it_costs_beyond_the_base_follows_from_the_tables(view):
    frame = view.results.frame("district_year")
    out = frame[(frame["indicator"] == "money_out") & (frame["stage"] == "all") & (frame["group"] == "all")]
    wide = out.pivot_table(index=["year", "replication"], columns="scenario", values="value", observed=True)
    net = (wide["plan"] - wide["baseline"]).groupby("year").mean()
    shown = {row[0]: row for row in cells(accounts.net_of_base(view))[1:]}
    money = 1e4 if view.lang == "zh" else 1e6
    assert len(shown) == 3 and near(list(shown.values())[-1][6].split("|")[0], net.sum(), money, False)
    for year in (2015, 2016):
        assert near(shown[str(year)][6].split("|")[0], net[year], money, False)
        parts = [read(cell.split("|")[0]) for cell in shown[str(year)][1:6]]
        assert sum(parts) == pytest.approx(
            read(shown[str(year)][6].split("|")[0]), abs=3.0 if view.lang == "zh" else 0.06
        )


def test_the_balance_counts_worlds_below_zero(view):
    frame = view.results.frame("district_year")
    mine = frame[(frame["indicator"] == "money_balance") & (frame["scenario"] == "plan") & (frame["year"] == 2016)]
    row = next(row for row in cells(accounts.balance(view)) if row[0] == view.title("plan"))
    value, below = row[2].split("|")
    assert near(value, mine["value"].median(), 1e4 if view.lang == "zh" else 1e6, False)
    assert f"{int((mine['value'] < -1).sum())}/2" in below
