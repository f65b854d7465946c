"""The numbers and vocabularies of search and lookup, as the browser needs them: from the modules that are their home.

So that both sides always count with the same.
"""

import importlib
from datetime import timedelta
from typing import Any

MODULES = (
    "fold", "similarity", "matching", "search", "query", "periods", "near", "encounter", "evidence", "presence", "met",
    "diary",
)  # fmt: skip


def constants() -> dict[str, dict[str, Any]]:
    """Return the constants of each module by their names; sets in order, spans of time in seconds."""
    return {
        module: {
            name: plain
            for name, value in vars(importlib.import_module(f"output.{module}")).items()
            if name.isupper() and not name.startswith("_") and (plain := _plain(value)) is not None
        }
        for module in MODULES
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, str | int | float | tuple | dict) else None
