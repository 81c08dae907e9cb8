"""The types of documents (YAML, JSON) and of rows of tables, named once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]
"""A document that is read: what a value is hangs on its key, and the checks of its schema see to it."""
Draft: TypeAlias = dict[str, Any]
"""A document that is being written, or was just parsed."""
Record: TypeAlias = dict[str, Any]
"""One row of a table by column: what a value is hangs on its column."""
