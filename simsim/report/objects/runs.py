"""Scenarios, policies, experiments, results and assessments: what they hold, what they rest on, what to try next."""

from __future__ import annotations

from simsim.assessment.findings import Findings
from simsim.assessment.words import verdict
from simsim.experiments.experiment import Experiment
from simsim.experiments.mode import lines as mode_lines
from simsim.experiments.results import Results
from simsim.policy import Policy, extras, find
from simsim.report.objects.card import Card, Folded
from simsim.report.objects.places import named
from simsim.report.words import Words
from simsim.scenarios.scenario import Scenario

DIGEST = 8
LONGEST_VALUE = 60


def scenario_card(scenario: Scenario, say: Words) -> Card:
    """Return the card of a scenario."""
    told = scenario.description.get(say.lang, "")
    lines = [(say("object.what"), told)] if told else []
    changes = [
        f"{say('axis', name=say.parameter(c.name), unit=c.name)} = {c.value:g}"
        + (f" ({c.from_year})" if c.from_year else "")
        for c in scenario.changes
    ]
    lines += [
        (say("object.extends"), " ← ".join(reversed(scenario.chain)) or say("object.none")),
        (say("object.place"), scenario.district),
        (say("object.plan"), scenario.plan.name if scenario.plan else say("object.none")),
        (say("object.policies"), say("object.total", n=len(scenario.instances),
                                     parts=named([i.id for i in scenario.instances], say))),
        (say("object.parameters"), named(changes, say)),
        (say("object.rules"), say("object.rule_of", budget=say(f"object.budget.{scenario.budget}"),
                                     law=say(f"object.law.{scenario.law}"))),
        (say("object.digest"), scenario.digest[:DIGEST]),
    ]  # fmt: skip
    if scenario.assume:
        lines.append((say("object.assumes"), named([say.parameter(name) for name in scenario.assume], say)))
    rows = [
        [i.id, find(i.policy).title[say.lang], i.start.isoformat(), i.end.isoformat() if i.end else "–"]
        for i in scenario.instances
    ]
    headings = [say("object.id"), say("object.policy"), say("object.from"), say("object.to")]
    folded = [Folded(say("object.policies"), headings, rows)] if rows else []
    lever = next((name for name in scenario.levers() if not name.endswith((".from", ".to"))), "")
    tries = (
        [f"simsim.District({scenario.name!r})"] + ([f"scenario[{lever!r}]"] if lever else []) + ["scenario.levers()"]
    )
    title = say("object.scenario", name=scenario.title.get(say.lang, scenario.name), id=scenario.name)
    return Card(title, lines, tries, folded)


def policy_card(policy: Policy, say: Words) -> Card:
    """Return the card of a policy at work."""
    end = "" if policy.last_year is None else str(policy.last_year)
    lines = [
        (say("object.what"), policy.title[say.lang]),
        (say("object.span"), f"{policy.first_year}–{end}"),
        (
            say("object.touched"),
            say("object.touched_n", n=say.number(policy.touched), what=say.either("touches", policy.touches)),
        ),
        (say("object.claims"), policy.effect),
    ]
    rows = []
    for name, value in policy.settings.model_dump(mode="json").items():
        notes = extras(policy.settings, name)
        shown = repr(value)[:LONGEST_VALUE] if value is not None else say("object.drawn")
        called = say("axis", name=say.setting(policy.name, name), unit=name)
        unit, source = (str(notes.get(key, "")) for key in ("unit", "source"))
        rows.append([called, shown, say.either("unit", unit), say.parameter(source)])
    headings = [say("object.setting"), say("object.value"), say("object.unit"), say("object.source")]
    return Card(say("object.policy_of", id=policy.id, name=policy.name), lines, (f"simsim show {policy.name}",),
                [Folded(say("object.settings"), headings, rows)] if rows else [])  # fmt: skip


def experiment_card(experiment: Experiment, say: Words) -> Card:
    """Return the card of an experiment that is to be run."""
    names = [scenario.name for scenario in experiment.scenarios]
    first = min(int(data.spec["first_year"]) for data in experiment.data.values())
    drawn = "provenance.fixed" if experiment.fixed_parameters else "provenance.drawn"
    lines = [
        (say("object.scenarios"), say("object.total", n=len(names), parts=named(names, say))),
        (say("provenance.seeds"), say("provenance.seeds_value", n=len(experiment.seeds), first=experiment.seeds[0],
                                      last=experiment.seeds[-1])),
        (say("object.span"), f"{first}–{experiment.to}"),
        (say("object.place"), named(sorted({data.name for data in experiment.data.values()}), say)),
        (say("provenance.draws"), say(drawn)),
        (say("object.folder"), experiment.folder.as_posix()),
    ]  # fmt: skip
    return Card(
        say("object.experiment", name=experiment.name), lines, ("experiment.run(jobs=2)", "experiment.run(out=folder)")
    )


def results_card(results: Results, say: Words) -> Card:
    """Return the card of results: scenarios with replications and years, provenance, and failures."""
    rows = results.summary().to_dict("records")
    runs = [f"{row['scenario']} ×{row['replications']}" for row in rows]
    years, manifest = results.years, results.manifest
    failed = len(results.tables["failures"]) if "failures" in results.tables else 0
    lines = [
        (say("object.scenarios"), say("object.total", n=len(rows), parts=named(runs, say))),
        (say("provenance.years"), f"{years[0]}–{years[-1]}"),
        (say("object.tables"), named(list(results.tables), say)),
        *((say("object.mode"), line) for line in mode_lines(manifest, say.lang)),
        (say("object.folder"), results.folder.as_posix() if results.folder else say("object.none")),
        (say("provenance.code"), str(manifest.get("code", "–"))[:DIGEST]),
    ]
    if failed:
        lines.append((say("object.failed"), say.number(failed)))
    headings = [say("scenario"), say("provenance.seeds"), say("provenance.years")]
    cells = [[row["scenario"], row["replications"], f"{row['first_year']}–{row['last_year']}"] for row in rows]
    tries = ['results.plot("teacher_gap")']
    if len(rows) > 1:
        a, b = rows[1]["scenario"], rows[0]["scenario"]
        tries += [f'results.paired("{a}", "{b}")', f'results.plot_paired("{a}", "{b}", "teacher_gap")',
                  f'results.costs("{a}", "{b}")']  # fmt: skip
    title = say("object.results", name=manifest.get("name", "")).rstrip(" :：")
    return Card(title, lines, tries, [Folded(say("object.scenarios"), headings, cells)])


def assessment_card(found: Findings, say: Words) -> Card:
    """Return the card of an assessment of a real table of schools."""
    stages = [
        f"{say.either('stage', row['stage'])}: {say(f'object.{_judged(row)}')}"
        for row in found.stages.to_dict("records")
    ]
    lines = [
        (say("object.method"), found.standard.name),
        (say("object.verdict"), verdict(found, say.lang)),
        (say("object.parts"), str(len(found.parts))),
        (say("object.stages"), say("join").join(stages)),
        (say("object.unused"), named(list(found.unused), say)),
    ]
    tries = ("print(assessment)", "assessment.stages", "assessment.lacking", 'assessment.to_excel("book.xlsx")')
    headings = [str(name) for name in found.stages.columns]
    folded = [Folded(say("object.stages"), headings, found.stages.astype(str).to_numpy().tolist())]
    return Card(say("object.assessment", name=found.file), lines, tries, folded)


def _judged(row: dict[object, object]) -> str:
    met = row.get("met")
    return "unjudged" if met is None or met != met else "met_line" if met else "missed_line"
