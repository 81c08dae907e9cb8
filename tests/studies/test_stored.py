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
    with pytest.raises(InputError, match="FULL=1"):
        stored.stored("one", never, tmp_path)
    monkeypatch.setenv("FULL", "1")
    pd.testing.assert_frame_equal(stored.stored("one", lambda: TABLE, tmp_path), TABLE)
    monkeypatch.delenv("FULL")
    pd.testing.assert_frame_equal(stored.stored("one", never, tmp_path), TABLE)


def test_a_table_of_other_code_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FULL", "1")
    stored.stored("one", lambda: TABLE, tmp_path)
    monkeypatch.delenv("FULL")
    stored.stored("one", never, tmp_path)
    assert capsys.readouterr().out == ""
    note = tmp_path / "computed_by.json"
    note.write_text(json.dumps({"one": {"version": "0", "code": "other"}}))
    stored.stored("one", never, tmp_path)
    assert "computed by simsim 0 with other code" in capsys.readouterr().out
