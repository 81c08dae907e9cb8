"""Tables in Markdown, for the documents that docs/generate.py writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simsim.inputs.parameters import Parameter


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines) + "\n"


def cell(value: object) -> str:
    """Return a value as the text of one cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def numbers(entries: Iterable[Parameter]) -> str:
    """Return a table of parameters."""
    rows = []
    for p in entries:
        span = "" if p.low is None else f"{p.low:g} to {p.high:g}"
        rows.append((f"`{p.name}`", p.rule or f"{p.value:g}", span, p.unit, use(p), p.confidence, p.source))
    return table(("parameter", "value", "range", "unit", "kind", "confidence", "source"), rows)


def use(p: Parameter) -> str:
    """Return how a parameter is known, and whether it is only kept as evidence, or 0 unless it is assumed."""
    if p.claimed:
        return f"{p.kind}; 0 unless assumed"
    return f"{p.kind}; read by no rule" if p.role == "evidence" else p.kind
