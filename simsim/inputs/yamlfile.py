"""Read YAML from people who make mistakes, and from people who make traps; write what is read again as it was."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path

import yaml

from simsim.inputs.characters import not_text
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import oddly, plainly
from simsim.inputs.size_limits import LARGEST_YAML, LONGEST_VALUE, MOST_ENTRIES, check_bytes

DEEPEST = 50
MERGE = "<<"
INT, FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
TIMESTAMP = "tag:yaml.org,2002:timestamp"
NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
DECIMAL = "is not a plain decimal number; write the digits without leading zeros, _ or :, or quote what is text"
EXPONENT = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+$")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads 1e-3 as the number that its writer meant, as YAML 1.2 does; YAML 1.1 takes it for text."""


_Loader.add_implicit_resolver("tag:yaml.org,2002:float", EXPONENT, list("-+0123456789"))


class _Dumper(yaml.SafeDumper):
    """Quotes text that the reader would take for a number, as a digest 0b2263... or 12e34."""


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    like_number = oddly(text) or EXPONENT.fullmatch(text)
    found: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if like_number else None)
    return found


_Dumper.add_representer(str, _quoted)


def yaml_text(document: object, width: int = 120, flow: bool | None = False) -> str:
    """Return a document as the text of a YAML file that `read_yaml` reads as it was; `flow` writes innermost lists on
    a line (None) or everything a line each (False).
    """
    return yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width, default_flow_style=flow
    )


def read_yaml(path: str | Path, shown: str | None = None) -> Draft:
    """Return the mapping in a YAML file, parsed once per process and copied; InputError says what is wrong and where.

    `shown` is the name that messages use. Refused: folders, empty, binary and UTF-16 files, anchors and aliases
    (nothing here needs them, and they can explode), merges (<<), tags that would build objects, a key given twice, NaN
    and infinity, and numbers that are not plain decimal ones (045, 0x2d, 4_5, 1:30), which YAML reads as others.
    """
    return deepcopy(dict(shared_yaml(path, shown)))


def shared_yaml(path: str | Path, shown: str | None = None) -> Document:
    """Return what `read_yaml` says, one mapping for all who ask: to look things up, not to be changed.

    InputError as there.
    """
    path = Path(path)
    shown = shown or path.name
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise InputError(Problem(shown, "", None, "there is no such file")) from None
    except (OSError, ValueError) as error:
        raise InputError(Problem(shown, "", None, f"cannot be opened: {_reason(error)}")) from None
    if not path.is_file():
        raise InputError(Problem(shown, "", None, "is a folder or a device; name a YAML file"))
    check_bytes(stat.st_size, shown, LARGEST_YAML)
    return _parsed(path, stat.st_mtime_ns, stat.st_size, shown)


def parse_yaml(content: bytes, shown: str) -> Draft:
    """Return the mapping that YAML text holds; InputError for anything else, naming the file as `shown`."""
    text = _text(content, shown)
    try:
        node = _compose(text, shown)
        data: Draft = _Loader("").construct_document(node)
    except InputError:
        raise
    except yaml.YAMLError as error:
        raise InputError(_yaml_problem(error, shown)) from None
    except (ValueError, OverflowError, RecursionError) as error:
        raise InputError(Problem(shown, "", None, f"holds a value that cannot be read: {_reason(error)}")) from None
    problems = [Problem(shown, key, value, "not a number; write a finite number") for key, value in _not_finite(data)]
    if problems:
        raise InputError(problems)
    return data


@lru_cache(maxsize=256)
def _parsed(path: Path, mtime_ns: int, size: int, shown: str) -> Draft:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(shown, "", None, f"cannot be read: {_reason(error)}")) from None
    return parse_yaml(content, shown)


def _text(content: bytes, shown: str) -> str:
    """Decode UTF-8; say which other thing the file seems to be."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Problem(shown, "", None, "is UTF-16; save it as UTF-8"))
    if b"\0" in content:
        raise InputError(Problem(shown, "", None, "is a binary file, not YAML text"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(shown, f"byte {error.start}", None, "is not UTF-8 text; save the file as UTF-8")
        ) from None
    if not text.strip():
        raise InputError(Problem(shown, "", None, "is empty; see `simsim show baseline` for an example"))
    return text


def _compose(text: str, shown: str) -> yaml.MappingNode:
    """Return the tree of the one document, refusing anchors, aliases, other tags, deep nesting and keys given twice."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            raise InputError(
                Problem(shown, line, anchor, "anchors and aliases (& and *) are not used here; write the value out")
            )
        if (tag or "").strip("!"):
            raise InputError(Problem(shown, line, tag, "tags that build objects are refused; write a plain value"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if count > MOST_ENTRIES or len(getattr(event, "value", None) or "") > LONGEST_VALUE:
            remedy = f"is too large: {MOST_ENTRIES:,} keys and values of {LONGEST_VALUE:,} characters each are read"
            raise InputError(Problem(shown, line, None, remedy))
        if wrong := not_text(getattr(event, "value", None) or ""):
            raise InputError(Problem(shown, line, None, wrong))
        if depth > DEEPEST:
            raise InputError(Problem(shown, line, None, f"is nested more than {DEEPEST} levels deep; make it flatter"))
    if documents > 1:
        raise InputError(Problem(shown, "", None, f"holds {documents} documents (---); keep one"))
    node = yaml.compose(text, Loader=_Loader)
    if not isinstance(node, yaml.MappingNode):
        raise InputError(Problem(shown, "", None, "must be a mapping of `key: value` lines"))
    problems = [*_twice(node, shown), *_odd(node, shown, "")]
    if problems:
        raise InputError(problems)
    return node


def _odd(node: yaml.Node, shown: str, key: str) -> Iterator[Problem]:
    """Yield a problem for every merge, and for every number that YAML would read as another one."""
    if isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            place = f"{key}.{name.value}" if key else str(name.value)
            if name.value == MERGE and not name.style:
                remedy = "merges (<<) are not used here, since they hide what is set; write the lines out"
                yield Problem(shown, f"line {name.start_mark.line + 1}", MERGE, remedy)
            yield from _odd(name, shown, key)
            yield from _odd(child, shown, place)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _odd(child, shown, f"{key}.{index}" if key else str(index))
    elif isinstance(node, yaml.ScalarNode) and not node.style:
        number = node.tag in (INT, FLOAT) and not plainly(node.value) and not NOT_FINITE.fullmatch(node.value)
        if number or oddly(node.value):
            yield Problem(shown, key, Written(node.value), DECIMAL)
        if node.tag == TIMESTAMP and not _is_a_date(node):
            yield Problem(shown, key, Written(node.value), "is a day that the calendar does not have; mend the date")


def _is_a_date(node: yaml.ScalarNode) -> bool:
    try:
        _Loader("").construct_document(node)
    except ValueError:
        return False
    return True


class Written(str):
    """A value as it stands in the file, shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _twice(node: yaml.Node, shown: str) -> Iterator[Problem]:
    """Yield a problem for every key that is given twice, or is not a plain word."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _twice(child, shown)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield Problem(shown, f"line {line}", None, "a key must be a word or a number")
            elif key.value in seen:
                yield Problem(
                    shown, f"line {line}", key.value, f"is given twice (first on line {seen[key.value]}); keep one"
                )
            else:
                seen[key.value] = line
            yield from _twice(child, shown)


def _not_finite(data: object, key: str = "") -> Iterator[tuple[str, float]]:
    """Yield the place and value of every number that is NaN or infinite."""
    if isinstance(data, float) and not math.isfinite(data):
        yield key, data
    items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for name, value in items:
        yield from _not_finite(value, f"{key}.{name}" if key else str(name))


def _yaml_problem(error: yaml.YAMLError, shown: str) -> Problem:
    """Turn the reader's complaint into one line with a place."""
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return Problem(shown, place, None, f"is not YAML: {_reason(getattr(error, 'problem', None) or error)}")


def _reason(error: object) -> str:
    """Return a message on one line and without a path."""
    return str(getattr(error, "strerror", None) or error).splitlines()[0]
