"""Where a manifest says one thing in one place and another in the next, or another than the parts it lists.

A manifest has a seal, which tells that nobody edited it; this tells what it says wrongly even when the seal was made
anew. Each part carries inside which scenario, block, seeds, code and inputs it is of, and each receipt the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b

from simsim.experiments.manifest import DESIGN
from simsim.experiments.parts import ALL, FAILURES, SCHEMAS, Group, Key, shared_source, source_of
from simsim.inputs.documents import Document
from simsim.policy import registry

RATHER = "restore it, or repeat `simsim run` with --replace (runs that still fit are kept)"
WORDS = ("schema", "name", "title", "description")
"""What of a scenario does not reach a result, and is not in its digest."""


def of_fields(manifest: Document) -> Iterator[tuple[str, str]]:
    """Yield the fields of a manifest that contradict others, and what they contradict, in words."""
    yield from _of_scenarios(manifest)
    yield from _of_blocks(manifest)
    inputs, districts = manifest.get("inputs", {}), manifest.get("districts", {})
    if "districts" in inputs and set(inputs["districts"]) != {name for name in districts.values() if name}:
        yield "districts", "names other districts than `inputs`"
    for name in ("to", "fixed_parameters"):
        if name in inputs and name in manifest and inputs[name] != manifest[name]:
            yield name, "is another one than in `inputs`"
    if inputs and (DESIGN in manifest) != (DESIGN in inputs):
        yield DESIGN, "is of a screening in one place and not in the other"
    worlds = manifest.get("worlds") or {}
    conditioned = set(worlds.get("published_to") or {})
    if not conditioned <= set(districts.values()) or (conditioned and manifest.get("fixed_parameters")):
        yield "worlds.published_to", "names districts whose worlds are not conditioned here"


def _of_scenarios(manifest: Document) -> Iterator[tuple[str, str]]:
    """Yield where the scenarios' digests, names and titles do not agree."""
    order, told = manifest.get("order"), manifest.get("inputs", {}).get("scenarios")
    for field in ("districts", "blocks"):
        if order is not None and field in manifest and set(manifest[field]) != set(order):
            yield field, "is not of the scenarios in `order`"
    digested = {name for name, entry in manifest.get("scenarios", {}).items() if entry.get("digest")}
    if order is not None and told is not None and not digested <= set(told) <= set(order):
        yield "inputs.scenarios", "is not of the scenarios in `order`"
    for name, entry in manifest.get("scenarios", {}).items():
        resolved, digests = entry.get("resolved"), {entry.get("digest"), (told or {}).get(name, entry.get("digest"))}
        if resolved and digests != {digest_of(resolved)}:
            yield f"scenarios.{name}.digest", "is not that of the scenario as it is written out"
        if resolved and (resolved.get("name") != name or resolved.get("title") != entry.get("title")):
            yield f"scenarios.{name}.title", "is not that of the scenario as it is written out"


def digest_of(resolved: Document) -> str:
    """Return the digest of a scenario as a manifest keeps it: that of `Scenario.digest`."""
    content = {key: value for key, value in resolved.items() if key not in WORDS}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _of_blocks(manifest: Document) -> Iterator[tuple[str, str]]:
    """Yield where seeds, runs and rows are not those of the blocks and parts."""
    blocks, tables = manifest.get("blocks", {}), manifest.get("tables", {})
    entries = [entry for mine in blocks.values() for entry in mine.values()]
    seeds = {seed for entry in entries for seed in entry["seeds"]}
    if "seeds" in manifest and manifest["seeds"] != sorted(seeds):
        yield "seeds", "are not those of `blocks`"
    runs = {name: len({seed for entry in mine.values() for seed in entry["seeds"]}) for name, mine in blocks.items()}
    if manifest.get("runs", runs) != runs:
        yield "runs", "are not those of `blocks`"
    for name, table in tables.items():
        if table.get("rows") != sum(file["rows"] for file in table["parts"].values()):
            yield f"tables.{name}.rows", "are not those of its parts"


def of_part(manifest: Document, table: str, key: Key, group: Group, meta: Document, inputs: str = "") -> str:
    """Return what a part says of itself (`meta`) that the manifest says otherwise, as the name of it, or nothing.

    `inputs` is what `inputs_told` says of the scenario, where somebody knows it already.
    """
    scenario, block = key
    said = {"table": table, "scenario": scenario, "block": block, "seeds": list(group.seeds)}
    said |= {"failed": list(group.failed)} if table == FAILURES else {}
    said |= {"inputs": inputs or inputs_told(manifest, scenario)}
    if meta.get("schema") not in SCHEMAS:
        return "schema"
    other = [name for name, value in said.items() if meta.get(name) != value]
    code = meta.get("code") != manifest.get("code", "") and _is_one_code(manifest)
    return ", ".join([*other, *(["code"] if code else [])])


def of_receipt(group: Group, receipt: Document) -> str:
    """Return the names of the files that a receipt describes otherwise than the manifest, or nothing."""
    listed = {name: vars(entry) for name, entry in group.files.items() if name != FAILURES}
    written = receipt.get("tables")
    written = written if isinstance(written, dict) else {}
    return ", ".join(sorted(name for name in {*listed, *written} if listed.get(name) != written.get(name)))


def inputs_told(manifest: Document, scenario: str) -> str:
    """Return the digest of inputs that the parts of a scenario carry, by what the manifest says."""
    inputs = manifest.get("inputs", {})
    if scenario == ALL:
        return shared_source(inputs, "").inputs
    return source_of(scenario, manifest.get("districts", {}).get(scenario, ""), inputs, "").inputs


def _is_one_code(manifest: Document) -> bool:
    """Whether all parts carry the code of the whole experiment: not where other packages' policies act in some
    scenarios alone.
    """
    resolved = [entry.get("resolved") or {} for entry in manifest.get("scenarios", {}).values()]
    used = {str(one.get("policy", "")) for mine in resolved for one in (mine.get("policies") or {}).values()}
    known = registry()
    return all(name in known and known[name].__module__.startswith("simsim.") for name in used)
