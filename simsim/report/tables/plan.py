"""Tables of one scenario: the plan's own scoreboard, its list of tasks, and its schools one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments import scoreboard as boards
from simsim.experiments import tasks
from simsim.inputs.indicators import sureness
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, details, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.plan_table import YES_NO, number
from simsim.report.view import View

TINTS = {"very_likely": "good2", "likely": "good", "unlikely": "bad", "very_unlikely": "bad2"}
DATES = "milestones"
GAINS = "gains"
AWAY = ("absent", "explored")
ORDER = ("met", "likely", "mixed", "missed", "running", "acting", "idle", "judged", *AWAY)
WHOLE = 100.0
"""From here on a number needs no decimals."""
DECIMALS = ((100.0, 0), (1.0, 2), (0.0, 3))
BY_SCHOOL = ("pupils", "seats", "seat_use", "displaced", "teachers", "pupils_per_teacher", "score")


def scoreboard(view: View) -> Safe:
    """Return the plan's scoreboard: for every line the number, and in what share of replications it is met."""
    board = view.board
    theirs = boards.scoreboard(view.results, view.base) if view.base != view.focus else board.iloc[:0]
    sections = boards.definition()["sections"]
    parts = [
        _board(view, board[board["section"] == key], theirs, sections[key][view.lang])
        for key in sections
        if key not in (DATES, GAINS)
    ]
    return joined([*parts, _gains(view, board[board["section"] == GAINS], sections[GAINS][view.lang])])


def _board(view: View, board: pd.DataFrame, theirs: pd.DataFrame, title: str) -> Safe:
    """Return the lines of a section."""
    if board.empty:
        return Safe("")
    say = view.say
    headings = [title, say("board.value", year=view.last)]
    headings += [say("board.met", year=year) for year in dict.fromkeys((view.middle, view.last))]
    headings += [say("board.base", base=view.title(view.base), year=view.last)] if len(theirs) else []
    rows = [
        _board_row(view, name, board[board["line"] == name], theirs[theirs["line"] == name])
        for name in dict.fromkeys(board["line"])
    ]
    return html_table(headings, rows, css="board")


def _board_row(view: View, name: str, line: pd.DataFrame, theirs: pd.DataFrame) -> list[object]:
    last = _of_year(line, view.last)
    number = "" if last is None else _number(view, float(last["value"]), name)
    shares = [_share(view, _of_year(line, year)) for year in dict.fromkeys((view.middle, view.last))]
    base = [_share(view, _of_year(theirs, view.last))] if len(theirs) else []
    note = str(last[f"note_{view.lang}"]) if last is not None else ""
    return [Safe(f"{text(line[view.lang].iloc[0])}<small>{text(note)}</small>"), number, *shares, *base]


def _of_year(line: pd.DataFrame, year: int) -> pd.Series | None:
    mine = line[line["year"] == year]
    return None if mine.empty else mine.iloc[0]


def _number(view: View, value: float, line: str) -> object:
    """Return the number behind a line as its indicator is read, with its unit; none where it is the share of worlds
    beside it.
    """
    found = boards.definition()["lines"][line]["indicator"]
    indicator = found if isinstance(found, str) else found[0]
    if indicator in YES_NO:
        return ("–", "quiet")
    if view.say.is_money(indicator):
        return view.say.money(value)
    written = number(view, value, indicator)
    if written.endswith("%") or not defined(value):
        return written
    digits = 0 if abs(value) >= WHOLE or value == int(value) else 2
    return Safe(text(view.say.number(value, digits)) + tag("small", view.say.unit(indicator)))


def _share(view: View, row: pd.Series | None) -> object:
    """Return a probability, tinted: met almost always, mostly, hardly, almost never."""
    if row is None or np.isnan(row["probability"]):
        return ("–", "quiet")
    share = float(row["probability"])
    css = TINTS.get(sureness().level(share), "")
    return (view.say.percent(share), css)


def _gains(view: View, board: pd.DataFrame, title: str) -> Safe:
    """Return who gains and who loses against the base, in the last year."""
    mine = board[(board["year"] == view.last) & board["value"].notna()]
    if mine.empty:
        return Safe("")
    rows = [[_gainers(view, row), _gain(view, float(row["value"])), _share(view, row)] for _, row in mine.iterrows()]
    headings = [title, view.say("board.difference", base=view.title(view.base), year=view.last), view.say("board.gain")]
    return html_table(headings, rows, css="board")


def _gainers(view: View, row: pd.Series) -> Safe:
    """Return what is compared of whom, and its unit."""
    unit = view.say.unit(str(row["line"]).split(":")[0])
    return Safe(text(row[view.lang]) + tag("small", unit))


def _gain(view: View, value: float) -> str:
    """Return a difference with as many decimals as its size needs."""
    decimals = next(digits for least, digits in DECIMALS if abs(value) >= least)
    return view.say.number(value, decimals, sign=True)


def ledger(view: View) -> Safe:
    """Return the plan's measures as a list of tasks: department,
    deadline, status, what was reached and what it cost.
    """
    return _ledger(view, tasks.ledger(view.results, view.focus))


def ledger_folded(view: View) -> Safe:
    """Return how many measures stand how, and the list of tasks folded under it."""
    table = tasks.ledger(view.results, view.focus)
    counts = table["status"].value_counts()
    rows = [(_status(view, status), str(counts[status])) for status in ORDER if status in counts]
    count = html_table([view.say("ledger.status"), view.say("ledger.count")], rows, css="narrow")
    return joined([count, details(view.say("ledger.show", n=len(table)), _ledger(view, table), annex=True)])


def _status(view: View, status: str) -> str:
    return view.say.either("status", status)


def _ledger(view: View, table: pd.DataFrame) -> Safe:
    say = view.say
    headings = [say(f"ledger.{key}") for key in ("measure", "deadline", "status", "dose", "cost")]
    away = table["status"].isin(AWAY)
    rows = [_task(view, row) for _, row in table.iterrows()]
    here, there = ([row for row, gone in zip(rows, away, strict=True) if gone == wanted] for wanted in (False, True))
    parts = [html_table(headings, here, words=(0, 1, 2, 3), css="tasks")]
    if there:
        parts.append(
            details(say("ledger.away", n=len(there)), html_table(headings, there, words=(0, 1, 2, 3), css="tasks"))
        )
    return joined(parts)


def _task(view: View, row: pd.Series) -> list[object]:
    words = row[f"words_{view.lang}"]
    words = row["words_en"] if not isinstance(words, str) else words
    department = (
        view.say("ledger.department", name=view.say.either("department", row["department"]))
        if row["department"]
        else ""
    )
    label = Safe(f"<b>{text(row['measure'])}</b> {text(words)}<small>{text(department)}</small>")
    status = _status(view, str(row["status"]))
    dose = (
        ""
        if pd.isna(row["dose"]) or not row["dose"]
        else view.say.counted(float(row["dose"]), str(row["dose_unit"] or ""))
    )
    paid = float(np.nansum([row["capital"], row["running"]]))
    return [label, row["deadline"] or "", status, dose, view.say.money(paid) if paid else ""]


def schools(view: View) -> Safe:
    """Return every school of the last year, stage by stage, folded: rows of a synthetic district."""
    parts = [
        details(view.say("schools.show", stage=view.say(f"stage.{stage}")), _schools(view, stage))
        for stage in view.stages
    ]
    return joined([*parts, tag("p", view.say("synthetic.stamp"), "quiet")])


def _schools(view: View, stage: str) -> Safe:
    known = view.schools_in(view.focus, view.last)
    tables = {name: view.by_school(view.focus, name, stage)["median"] for name in BY_SCHOOL}
    keys = [key for key in tables["pupils"].index if key in known.index]
    rows = []
    for key in keys:
        place = view.say("urban.one" if known.loc[key, "urban"] else "rural.one")
        about = f"{place}; {view.say.either('ownership', str(known.loc[key, 'ownership']))}"
        numbers = [view.say.value(tables[name].get(key), name) for name in BY_SCHOOL]
        rows.append([Safe(f"{text(known.loc[key, 'name'])}<small>{text(about)}</small>"), *numbers])
    return html_table([view.say("schools.name"), *(view.say.label(name) for name in BY_SCHOOL)], rows)


TABLES = {
    "scoreboard": Exhibit(scoreboard),
    "ledger": Exhibit(ledger),
    "ledger_folded": Exhibit(ledger_folded),
    "schools": Exhibit(schools),
}
