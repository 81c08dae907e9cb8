"""`python -m tests.fuzz`: many random districts and damaged inputs; prints kind, cases and outcomes.

Settings: --districts N --inputs N --start N (another start, other cases); exit code 1 when one of them fails.
"""

from __future__ import annotations

import argparse
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.fuzz.damage import KINDS, damage
from tests.fuzz.lives import lives

DISTRICTS, INPUTS = 500, 500


def main() -> int:
    """Run every kind; print a line for each as it ends."""
    ask = argparse.ArgumentParser(prog="python -m tests.fuzz")
    ask.add_argument("--districts", type=int, default=DISTRICTS)
    ask.add_argument("--inputs", type=int, default=INPUTS)
    ask.add_argument("--start", type=int, default=0)
    asked = ask.parse_args()
    kinds: list[tuple[str, int, Callable[[], Counter[str]]]] = [
        (kind, asked.inputs, partial(damage, kind, asked.inputs, asked.start)) for kind in KINDS
    ]
    kinds.append(("district, ten years", asked.districts, partial(lives, asked.districts, asked.start)))
    print(f"{'kind':22}{'cases':>6}  outcomes", flush=True)
    failed = 0
    for kind, cases, run in kinds:
        if not cases:
            continue
        try:
            outcomes = ", ".join(f"{word} {n}" for word, n in sorted(run().items()))
        except Exception:
            failed, outcomes = failed + 1, f"FAILED\n{traceback.format_exc()}"
        print(f"{kind:22}{cases:>6}  {outcomes}", flush=True)
    return int(failed > 0)


raise SystemExit(main())
