"""Write the parts of docs/ that come from code and parameters: `make docs`. A test fails when they are stale.

Whole files: policies.md, assumptions.md. Blocks between `<!-- generated: NAME -->`
and `<!-- end -->`: ODD.md, TRACE.md, model-card.md, data-dictionary.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from inspect import cleandoc
from pathlib import Path

from md_tables import numbers, table
from odd_tables import fitted, kinds, patterns, said, state, submodel

from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.experiments.store import COLUMNS as TYPES
from simsim.inputs import parameters
from simsim.inputs.indicators import indicators
from simsim.policy import registry
from simsim.scenarios.plan import Plan
from simsim.world.rates import RATES
from simsim.world.recorder import BY_UNIT, COLUMNS
from simsim.year import YEAR, act

DOCS = Path(__file__).resolve().parent
HEAD = "<!-- Written by docs/generate.py (make docs); edit the sources, not this file. -->\n\n"
FILLED = ("ODD.md", "TRACE.md", "model-card.md", "data-dictionary.md")
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
JUDGED = ("judgement", "estimate")


def policies_md() -> str:
    """Return docs/policies.md: measures of the plan, then every policy with its settings."""
    plan = Plan.load("erdao-2014-2016")
    measures = [
        (
            m.id,
            m.tier,
            f"`{m.policy}`" if m.policy else "-",
            m.dose,
            m.start,
            flags(m),
            m.evidence.get("kind", ""),
            m.words["en"],
        )
        for m in plan.measures.values()
    ]
    head = ("id", "tier", "policy", "dose", "from", "wording", "evidence", "the plan says")
    text = f"# Policies\n\n{HEAD}## The plan's measures\n\n{table(head, measures)}\n## Policies and their settings\n"
    return text + "".join(policy_section(name) for name in registry())


def flags(measure: object) -> str:
    """Return how the plan binds itself: striving (力争), exploring (探索) or firm."""
    return "strives (力争)" if measure.striving else "explores (探索)" if measure.exploring else "firm"


def policy_section(name: str) -> str:
    """Return the section of one policy."""
    policy = registry()[name]
    uses = [m.id for m in Plan.load("erdao-2014-2016").measures.values() if m.policy == name]
    rows = []
    for key, field in policy.Settings.model_fields.items():
        extra = field.json_schema_extra or {}
        default = f"parameter `{extra['parameter']}`" if extra.get("parameter") else field.default
        rows.append((f"`{key}`", default, extra.get("unit", ""), extra.get("source", "")))
    facts = [
        f"\n### `{name}`: {policy.title['en']} ({policy.title['zh']})\n",
        cleandoc(policy.__doc__ or "") + "\n",
        f"Measures: {', '.join(uses) or 'none of the plan'}. Touches: {policy.touches}. Effect claimed: "
        f"{policy.effect}. "
        f"Named rates: {', '.join(policy.rates) or 'none'}.\n",
    ]
    return (
        "\n".join(facts) + "\n" + (table(("setting", "default", "unit", "source"), rows) if rows else "No settings.\n")
    )


def assumptions_md() -> str:
    """Return docs/assumptions.md: judged and estimated parameters first, then the published, derived and fitted."""
    known = parameters.load()
    claimed = [p for p in known.values() if p.claimed]
    judged = [p for p in known.values() if p.kind in JUDGED]
    rest = [p for p in known.values() if p.kind not in JUDGED]
    intro = (
        "Every number that simsim uses, with its range and source. *Judgement* and *estimate* mean that no "
        "source was found that "
        "settles the value: replace them by local data where you can. Uncertain ones are drawn once per replication "
        "(triangular over the range). Money is in amounts of money (prices of the first year).\n\n"
    )
    zero = (
        "A judged effect of a measure whose range is one-sided from zero, or whose likeliest value is zero, would "
        "make a headline of a judgement's skew. These are therefore 0 in every replication, whatever the value below "
        "says; `assume: [NAME]` in a scenario draws one from its range (docs/decisions/12-claims.md).\n\n"
    )
    parts = [f"## Zero unless a scenario assumes them ({len(claimed)})\n\n{zero}{numbers(claimed)}\n"]
    parts += [f"## Judged and estimated ({len(judged)})\n\n{numbers(judged)}\n"]
    parts += [f"## Published, derived and fitted ({len(rest)})\n\n{numbers(rest)}"]
    return f"# Assumptions\n\n{HEAD}{intro}{''.join(parts)}"


def year_md() -> str:
    """Return the phases of a year and what happens in each, first line of every docstring."""
    rows = [(phase.name, *what_happens(rule)) for phase in YEAR for rule in (*phase.first, act, *phase.rules)]
    return table(("phase", "rule", "what happens"), rows)


def what_happens(rule: Callable[..., object]) -> tuple[str, str]:
    """Return a rule's name and the first paragraph of its docstring."""
    name = "policies" if rule is act else f"`{rule.__module__.removeprefix('simsim.')}.{rule.__name__}`"
    return name, (rule.__doc__ or "").split("\n\n")[0]


def indicators_md() -> str:
    """Return a table of every indicator."""
    rows = [
        (f"`{name}`", i.label["en"], i.label["zh"], i.unit["en"], f"{i.matters:g}", i.why["en"])
        for name, i in indicators().items()
    ]
    return table(("indicator", "English", "中文", "unit", "matters from", "because that is"), rows)


ABOUT = {
    "district_year": "the district's indicators; group is all; urban, rural and private (by school); migrant, local, "
    "poor, ses_low, ses_high, home_urban and home_rural (children, by who they are and where they live); public and "
    "public_core ... public_other (teachers of public schools, by subject), or another named there",
    "school_year": "indicators by school and stage; school is the key of schools.csv or of a policy's settings",
    "neighbourhood_year": "indicators by neighbourhood and stage",
    "teacher_moves": "every teacher who came to a school or changed it; origin 0 is new to the district",
    "milestones": "every dated promise, when it was due and when it was kept; done is empty while it is open",
    "law_rooms": "class rooms that the law on large classes forced: where, places at the class target, what they cost",
    "costs": "amounts of money by instance; kind is capital, running or donated (off the budget); instance staff is "
    "the pay of public teachers",
    "notices": "what V1 notices as short: value against line, and the gap",
    "instance_year": "what an instance wanted, what the budget granted (funded, a share) and what it spent",
    "touched": "how many agents an instance touched over the run; 0 is a warning",
    "schools": "every school of every year: kind, place, cluster; a column `code` where schools.csv has official codes",
}
KEYS = ("scenario", "replication")


def tables_md() -> str:
    """Return every result table with its columns and their types."""
    parts = []
    for name, fields in (COLUMNS | BY_UNIT).items():
        rows = [(f"`{field}`", type_of(field)) for field in (*KEYS, *fields)]
        parts.append(f"#### `{name}`: {ABOUT[name]}\n\n{table(('column', 'type'), rows)}")
    return "\n".join(parts)


def type_of(field: str) -> str:
    """Return the type a column has on disk."""
    kind = TYPES.get(field)
    return (
        "text"
        if kind is None or not str(kind).startswith(("int", "double"))
        else {"double": "number"}.get(str(kind), "whole number")
    )


ODD: dict[str, Callable[[], str]] = {
    **{f"state_{what}": partial(state, what) for what in said()["state_variables"]},
    **{f"submodel_{what}": partial(submodel, what) for what in said()["submodels"]},
    "codes": lambda: table(
        ("kind", "codes in order"), [("stage", ", ".join(STAGES)), ("subject group", ", ".join(SUBJECT_GROUPS))]
    ),
    "kinds": kinds,
    "fitted": fitted,
    "patterns": patterns,
    "year": year_md,
    "rates": lambda: table(
        ("named rate", "unit", "base", "asked by"), [(f"`{n}`", r.unit, r.base, r.asked_by) for n, r in RATES.items()]
    ),
    "indicators": indicators_md,
    "tables": tables_md,
    "policies": lambda: table(
        ("policy", "touches", "effect claimed"), [(f"`{n}`", p.touches, p.effect) for n, p in registry().items()]
    ),
}


def filled(name: str) -> str:
    """Return a document with its generated blocks written anew."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return BLOCK.sub(lambda m: f"{m[1]}{ODD[m[2]]()}{m[3]}", text)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "policies.md": policies_md,
    "assumptions.md": assumptions_md,
    **{name: partial(filled, name) for name in FILLED},
}


def documents() -> dict[Path, str]:
    """Return what every generated document should hold."""
    return {DOCS / name: write() for name, write in DOCUMENTS.items()}


def main() -> int:
    """Write the documents; with --check only say which are stale (exit 1)."""
    stale = [
        path for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        print("\n".join(f"{path.name} is stale: run make docs" for path in stale) or "docs are up to date")
        return 1 if stale else 0
    for path in stale:
        path.write_text(documents()[path], encoding="utf-8")
        print(f"wrote {path.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
