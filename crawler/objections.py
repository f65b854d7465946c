"""Sources that object to being read: one line each in ``objections.txt`` of the data directory.

A line is a host (``example.org``, which takes its subdomains with it) or the beginning of an address
(``https://example.org/team/``); what stands behind ``#`` is a note. The file is read before each run.
"""

from dataclasses import dataclass
from pathlib import Path

from crawler.catalogue import host_of

FILE = "objections.txt"


class ObjectionsError(ValueError):
    """The file cannot be read: nothing may be crawled until it can."""


@dataclass(frozen=True)
class Objections:
    """Who objected: hosts, and beginnings of addresses."""

    hosts: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Objections":
        """Return what the file says, nothing where there is none; ObjectionsError for a line that is neither."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise ObjectionsError(f"{path}: cannot be read ({error}); mend it before going on") from None
        hosts, addresses = set(), []
        for number, line in enumerate(lines, 1):
            text = line.partition("#")[0].strip()
            if "://" in text and host_of(text):
                addresses.append(text)
            elif text and "/" not in text and " " not in text:
                hosts.add(text.lower().removeprefix("www."))
            elif text:
                raise ObjectionsError(f"{path}, line {number}: {text!r} is neither a host nor an address; mend it")
        return cls(frozenset(hosts), tuple(addresses))

    def __bool__(self) -> bool:
        return bool(self.hosts or self.addresses)

    def cover(self, url: str) -> bool:
        """Whether an address is one of an objector's."""
        if not self:
            return False
        parts = host_of(url).removeprefix("www.").split(".")
        if any(".".join(parts[start:]) in self.hosts for start in range(len(parts))):
            return True
        return any(url.startswith(address) for address in self.addresses)
