"""Names that have changed: an old file fails with its remedy instead of a riddle.

Each table maps the old name to one sentence that says what to write now.
"""

from __future__ import annotations

PARAMETERS: dict[str, str] = {}
POLICIES: dict[str, str] = {}
