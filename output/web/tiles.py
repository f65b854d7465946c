"""The operator's map tiles: the only thing on the site that may come from another host."""

from dataclasses import dataclass
from urllib.parse import urlsplit


class TilesError(ValueError):
    """What should be the address of map tiles is none: what it has to look like."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """The address of a tile, with ``{z}``, ``{x}`` and ``{y}`` in it, and whom the map is of.

    Raises:
        TilesError: for an address that is none, or that would say more in a policy than one host.
    """

    url: str
    attribution: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        host = parts.netloc.replace("-", "").replace(".", "").replace(":", "")
        if parts.scheme not in ("http", "https") or not (host.isalnum() and host.isascii()):
            raise TilesError(
                f"--tiles {self.url}: say an address such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
            )
        if missing := [each for each in ("{z}", "{x}", "{y}") if each not in self.url]:
            raise TilesError(f"--tiles {self.url}: {', '.join(missing)} is missing: where zoom, column and row stand")

    @property
    def origin(self) -> str:
        """The scheme and host that the pictures come from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"
