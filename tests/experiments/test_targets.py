"""No result is written over what is read, or among the parts of an experiment, and none is half written."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from lxml.etree import LxmlError

from simsim.districts.making import EXTRA
from simsim.experiments.export import export
from simsim.experiments.manifest import writable
from simsim.experiments.targets import OF_A_DISTRICT, not_among_parts, target
from simsim.inputs import whole_files
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.studies.template import write_notebook

TABLE = pd.DataFrame({"a": [1, 2], "b": ["x", "=y"]})


@pytest.fixture
def experiment(tmp_path):
    """The looks of an experiment: a manifest and a part."""
    part = tmp_path / "run" / "costs" / "baseline-000001.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"PAR1")
    (tmp_path / "run" / "manifest.json").write_text("{}")
    return tmp_path / "run"


@pytest.mark.parametrize(
    "write",
    [
        lambda home: export(TABLE, home / "costs" / "need.csv"),
        lambda home: writable(home / "costs" / "pages"),
        lambda home: writable(home / "costs"),
        lambda home: write_notebook("question", home / "costs"),
        lambda home: not_among_parts(home / "notices" / ".." / "costs"),
    ],
)
def test_nothing_is_put_among_the_parts_of_an_experiment(experiment, write):
    with pytest.raises(InputError, match="holds the parts of a table of the experiment run, and nothing else"):
        write(experiment)
    assert [path.name for path in (experiment / "costs").iterdir()] == ["baseline-000001.parquet"]


def test_a_table_may_lie_beside_the_manifest_under_a_name_that_is_free(experiment):
    assert export(TABLE, experiment / "need.csv").is_file()
    assert writable(experiment / "pages").is_dir()
    with pytest.raises(InputError, match="is a table of the experiment's own"):
        export(TABLE, experiment / "sensitivity.csv")


@pytest.mark.parametrize("name", OF_A_DISTRICT)
def test_a_table_of_a_district_is_not_written_over(tmp_path, name):
    (tmp_path / "district.yaml").touch()
    with pytest.raises(InputError, match=r"is read with the district\.yaml beside it; name another file"):
        target(tmp_path / name)
    (tmp_path / "district.yaml").unlink()
    assert target(tmp_path / name) == tmp_path / name


def test_every_table_beside_a_district_is_known():
    shipped = {path.name for path in (resource("parameters") / "districts").glob("*/*.csv")}
    assert {EXTRA, *shipped} <= set(OF_A_DISTRICT)


def test_simsims_own_parameters_are_not_written_over():
    with pytest.raises(InputError, match="is among simsim's own parameters"):
        target(resource("parameters") / "national" / "births.csv")


def test_what_a_command_reads_is_not_written_over(tmp_path):
    (tmp_path / "births.csv").write_text("year,births")
    (tmp_path / "link.csv").symlink_to(tmp_path / "births.csv")
    for place in (tmp_path / "births.csv", tmp_path / "link.csv"):
        with pytest.raises(InputError, match="is read by this command; name another file"):
            target(place, [tmp_path / "births.csv"])
    with pytest.raises(InputError, match="is in the folder that this command reads"):
        target(tmp_path / "new.csv", [tmp_path])


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for place, why in (
        ("table.txt", r"must end in \.csv or \.xlsx"),
        ("folder.csv", "is no file"),
        ("no/such.csv", "is in a folder that does not exist"),
    ):
        with pytest.raises(InputError, match=why):
            target(tmp_path / place)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_table_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch, name):
    export(TABLE, tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=f"{name}: cannot be written: No space left on device"):
        export(TABLE.assign(a=0), tmp_path / name)
    assert (tmp_path / name).read_bytes() == before and [path.name for path in tmp_path.iterdir()] == [name]
    with pytest.raises(OSError, match="No space left"):
        whole_files.write_text("x", tmp_path / "new.txt")
    assert not (tmp_path / "new.txt").exists()


def test_a_table_reads_back_as_it_was(tmp_path):
    shutil.copy(export(TABLE, tmp_path / "t.csv"), tmp_path / "u.csv")
    read = pd.read_csv(tmp_path / "u.csv", encoding="utf-8-sig")
    assert read["a"].tolist() == [1, 2] and read["b"].tolist() == ["x", "'=y"]
    assert pd.read_excel(export(TABLE, tmp_path / "t.xlsx"), engine="openpyxl")["a"].tolist() == [1, 2]


def test_a_folder_of_several_files_is_whole_or_not_there(tmp_path, monkeypatch):
    (tmp_path / "b.txt").write_text("before")
    write = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if "c.txt" in self.name:
            raise OSError(28, "No space left on device")
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*c\.txt'"):
        whole_files.write_all({tmp_path / name: "now" for name in ("a.txt", "b.txt", "c.txt")})
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"] and (tmp_path / "b.txt").read_text() == "before"
    whole_files.write_all({tmp_path / name: "now" for name in ("a.txt", "b.txt")})
    assert (tmp_path / "b.txt").read_bytes() == b"now" and len(list(tmp_path.iterdir())) == 2


def test_a_full_folder_for_temporary_files_is_named():
    def save(file):
        raise LxmlError("IO_ENOSPC")

    with pytest.raises(OSError, match="No space left on device") as caught:
        whole_files.saved(save)
    assert caught.value.filename == tempfile.gettempdir()
