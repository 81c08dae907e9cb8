"""Where stdout is closed, full or read by `head`, where the folder is gone or its name is no text: no traceback."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from simsim.inputs import whole_files
from simsim.inputs.failures import explained, not_text

ROOT = Path(__file__).parent.parent
SIMSIM = f"{shlex.quote(sys.executable)} -m simsim"


def shell(line: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which $S is simsim; a failure anywhere in a pipe is the line's."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("$S", SIMSIM)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.mark.slow
@pytest.mark.parametrize("line", ["$S list scenarios >&-", "$S show rotation >&-", "$S show rotation >&- 2>&- <&-"])
def test_nobody_to_read_is_no_failure(line):
    done = shell(line)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    "what",
    [
        "list parameters",
        *(pytest.param(w, marks=pytest.mark.slow) for w in ("list policies", "show rotation", "--help")),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_failure(what):
    done = shell(f"$S {what} | head -n 1")
    assert done.returncode == 0 and done.stderr == b"" and done.stdout.count(b"\n") == 1


@pytest.mark.slow
def test_a_reader_that_leaves_before_anything_is_written_is_no_failure():
    done = shell("$S list parameters | true")
    assert done.returncode == 0 and done.stderr == b""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("what", ["list parameters", "show rotation"])
def test_a_full_disk_under_stdout_is_one_message_and_exit_1(what):
    done = shell(f"$S {what} > /dev/full")
    assert done.returncode == 1 and done.stderr.count(b"\n") == 1 and b"free some space" in done.stderr


def test_a_full_disk_names_the_file_and_the_remedy(tmp_path, monkeypatch):
    def full(self: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left") as caught:
        whole_files.write_bytes(b"x", tmp_path / "costs.parquet")
    message = explained(caught.value)
    assert message.startswith(f"{tmp_path / 'costs.parquet'}: No space left on device; free some space")


def test_a_name_that_is_no_text_is_shown_without_the_document_around_it():
    with pytest.raises(UnicodeEncodeError) as caught:
        ("first\n" * 50 + "from b\udcff/x\n" + "last\n" * 9_999).encode()
    assert not_text(caught.value).startswith(r"'from b\udcff/x': is a name that is not UTF-8 text")


def test_ascii_streams_write_utf_8_and_others_question_marks():
    script = "import sys; from simsim.commands.process import able_to_write; able_to_write(); print('\u533a', end='')"
    for encoding, written in (("ascii", "区".encode()), ("latin-1", b"?"), ("utf-8", "区".encode())):
        line = f"{shlex.quote(sys.executable)} -c {shlex.quote(script)}"
        assert shell(line, PYTHONIOENCODING=encoding).stdout == written


@pytest.mark.slow
@pytest.mark.parametrize("what", ["show rotation", "list policies", "show baseline", "--help"])
def test_without_docstrings_everything_is_shown(what):
    done = shell(f"$S {what}", PYTHONOPTIMIZE="2")
    assert done.returncode == 0 and done.stdout and done.stderr == b""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["run baseline --seeds 1 --to 2014", "check mine.yaml", "report here"])
def test_a_deleted_folder_is_named_as_the_cause(tmp_path, what):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell(f"rmdir {shlex.quote(str(gone))}; $S {what}", cwd=gone)
    assert done.returncode == 2 and b"has been deleted; change to another one" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_a_name_that_is_no_text_is_one_message(tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    os.mkdir(folder)
    done = shell(f"cd {shlex.quote(str(tmp_path))}/$'\\xff\\xfe'; $S run baseline --seeds 1 --to 2014 --jobs 1 --out r")
    assert b"Traceback" not in done.stderr and done.returncode in (0, 2)
    done = shell(f"$S report {shlex.quote(str(tmp_path))}/$'\\xff\\xfe'/r")
    assert b"Traceback" not in done.stderr and done.returncode == 2 and b"UTF-8" in done.stderr


@pytest.mark.slow
def test_a_table_in_a_pipe_is_tab_separated_lines_that_are_not_wrapped():
    lines = shell("$S list policies").stdout.decode().splitlines()
    assert len({line.count("\t") for line in lines}) == 1 and lines[0].count("\t") > 2
