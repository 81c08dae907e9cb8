"""An experiment's folder under any sequence of runs, larger runs, failures, interruptions and damage: whoever resumes
ends with the tables of one uninterrupted run.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pandas.testing import assert_frame_equal

from simsim.experiments import experiment
from simsim.experiments import folder as folder_module
from simsim.experiments.experiment import Experiment
from simsim.experiments.results import Results
from simsim.experiments.verification import verify
from simsim.inputs.errors import InputError
from tests.conftest import times_the_usual
from tests.experiments.test_experiment import OTHER, content, fake, one_code

FEW, MANY = 1, 7
SEEDS = st.integers(FEW, MANY)
THIRD = {"name": "third", "extends": "baseline"}
STEPS = 7
SEQUENCES = times_the_usual(0.16)


class Killed(BaseException):
    """The process ends here: no handler of ordinary errors may see it."""


class Folder(RuleBasedStateMachine):
    """One folder; `asked` is the most seeds that any run of these inputs asked for, `whole_of` the seeds of the
    uninterrupted run whose tables the folder should hold, None after a run that did not ask for all or did not end.
    """

    @initialize()
    def found(self):
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(experiment, "simulate", fake)
        self.patch.setattr(experiment, "code_digest", one_code)
        self.home = Path(tempfile.mkdtemp())
        self.folder = self.home / "run"
        self.scenarios: list = ["baseline", OTHER]
        self.asked = 0
        self.whole_of: int | None = None
        self.ended = False

    def teardown(self):
        self.patch.undo()
        shutil.rmtree(self.home)

    def whole(self, seeds: int) -> Path:
        """Return the folder of one uninterrupted run."""
        folder = self.home / f"whole-{len(self.scenarios)}-{seeds}"
        if not folder.exists():
            Experiment(self.scenarios, seeds=seeds, to=2016).run(jobs=1, out=folder, progress=False)
        return folder

    def run(self, seeds: int, **options) -> Results:
        """Run to the end, and note what the folder should hold then."""
        self.asked = max(self.asked, seeds)
        found = Experiment(self.scenarios, seeds=seeds, to=2016).run(jobs=1, out=self.folder, progress=False, **options)
        self.whole_of = seeds if seeds == self.asked else None
        self.ended = True
        return found

    @rule(seeds=SEEDS)
    def run_extend_or_narrow(self, seeds):
        results, other = self.run(seeds), Results.load(self.whole(seeds))
        for name in ("district_year", "teacher_moves"):
            assert_frame_equal(results.frame(name).reset_index(drop=True), other.frame(name), check_exact=True)

    @rule()
    def resume(self):
        self.run(max(self.asked, FEW))
        assert self.whole_of is not None

    @rule(seeds=SEEDS, after=st.integers(0, 12))
    def kill_while_writing(self, seeds, after):
        calls, write = [], folder_module.write_bytes

        def until_killed(*args):
            calls.append(args)
            if len(calls) > after:
                raise Killed
            return write(*args)

        with self.patch.context() as patch, suppress(Killed):
            patch.setattr(folder_module, "write_bytes", until_killed)
            self.whole_of, self.ended = None, False
            self.run(seeds)

    @rule(seeds=SEEDS, after=st.integers(0, 9))
    def kill_at_work(self, seeds, after):
        calls = []

        def until_killed(*args):
            calls.append(args)
            if len(calls) > after:
                raise Killed
            return fake(*args)

        with self.patch.context() as patch, suppress(Killed):
            patch.setattr(experiment, "simulate", until_killed)
            self.whole_of, self.ended = None, False
            self.run(seeds)

    @rule(seeds=SEEDS, after=st.integers(0, 1))
    def kill_while_finishing(self, seeds, after):
        calls, write = [], folder_module.write_json

        def until_killed(*args):
            calls.append(args)
            if len(calls) > after:
                raise Killed
            return write(*args)

        with self.patch.context() as patch, suppress(Killed):
            patch.setattr(folder_module, "write_json", until_killed)
            self.whole_of, self.ended = None, False
            self.run(seeds)

    @rule(which=st.integers(0, 20), cut=st.booleans())
    def lose_a_part(self, which, cut):
        parts = sorted(self.folder.glob("*/*.parquet"))
        if parts:
            self.whole_of, self.ended = None, False
        if parts and cut:
            parts[which % len(parts)].write_bytes(parts[which % len(parts)].read_bytes()[:80])
        elif parts:
            parts[which % len(parts)].unlink()

    @rule(which=st.integers(0, 20), other=st.integers(0, 20))
    def swap_parts(self, which, other):
        parts = sorted(self.folder.glob("*/*.parquet"))
        if parts:
            one, two = parts[which % len(parts)], parts[other % len(parts)]
            if one != two:
                self.whole_of, self.ended = None, False
                first, second = one.read_bytes(), two.read_bytes()
                one.write_bytes(second)
                two.write_bytes(first)

    @precondition(lambda self: self.ended)
    @rule()
    def run_other_scenarios_anew(self):
        self.scenarios = ["baseline", OTHER, THIRD] if len(self.scenarios) == 2 else ["baseline", OTHER]
        with pytest.raises(InputError, match="replace"):
            Experiment(self.scenarios, seeds=FEW, to=2016).run(jobs=1, out=self.folder, progress=False)
        self.asked = 0
        self.run(FEW, replace=True)

    @invariant()
    def the_tables_are_those_of_one_uninterrupted_run(self):
        if self.whole_of is not None:
            mine, other = (tables(folder) for folder in (self.folder, self.whole(self.whole_of)))
            assert mine == other

    @invariant()
    def what_ended_is_verified(self):
        if self.ended:
            assert verify(self.folder, sample=1, progress=False).ok


def tables(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but its log."""
    return content(folder)


TestFolder = pytest.mark.slow(Folder.TestCase)
TestFolder.settings = settings(
    max_examples=SEQUENCES, stateful_step_count=STEPS, phases=[Phase.explicit, Phase.generate]
)
