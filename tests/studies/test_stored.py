"""What takes minutes is read from a file, and says when other code computed it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from simsim.inputs.errors import InputError
from simsim.studies import stored

TABLE = pd.DataFrame({"part": ["a", ""], "value": [1.5, None]})


def never() -> pd.DataFrame:
    raise AssertionError("must not be computed")


def test_a_table_is_computed_only_when_asked_for_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_probe", lambda: {"seed": 1, "values": {}})
    with pytest.raises(InputError, match="FULL=1"):
        stored.stored("one", never, tmp_path)
    monkeypatch.setenv("FULL", "1")
    pd.testing.assert_frame_equal(stored.stored("one", lambda: TABLE, tmp_path), TABLE)
    monkeypatch.delenv("FULL")
    pd.testing.assert_frame_equal(stored.stored("one", never, tmp_path), TABLE)


@pytest.mark.slow
def test_a_table_of_other_code_says_so_unless_that_code_made_the_same_of_one_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    probe = stored._probe(to=2015)
    assert probe["values"], "a world without outcomes tells no code from another"
    monkeypatch.setattr(stored, "_probe", lambda: probe)
    monkeypatch.setenv("FULL", "1")
    stored.stored("one", lambda: TABLE, tmp_path)
    monkeypatch.delenv("FULL")
    stored.stored("one", never, tmp_path)
    note = tmp_path / "computed_by.json"
    by = json.loads(note.read_text())
    assert [*by["worlds"].values()] == [probe]

    def read(worlds: dict[str, object]) -> str:
        note.write_text(json.dumps({"one": {"version": "0", "code": "other"}, "worlds": worlds}))
        stored.stored("one", never, tmp_path)
        return capsys.readouterr().out

    assert read({"other": probe}) == ""
    first = next(iter(probe["values"]))
    moved = {**probe, "values": {**probe["values"], first: probe["values"][first] * (1 + 1e-6)}}
    assert "computed by simsim 0 with other code" in read({"other": moved})
    assert "computed by simsim 0 with other code" in read({})
