"""The resources: a module each, with a class of the same name. There is no list to add one to."""

import importlib
import pkgutil
from functools import cache

from output.web.resource import Resource


@cache
def all_resources() -> tuple[Resource, ...]:
    """Return every resource, those with a more literal pattern first."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found.append(getattr(loaded, module.name.title().replace("_", ""))())
    return tuple(sorted(found, key=lambda each: (each.pattern.count("{"), -len(each.pattern), each.pattern)))
