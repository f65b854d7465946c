"""Which addresses a crawl may connect to: public ones, and private ones only where the catalogue names them."""

import ipaddress
import socket
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

LOOPBACK = "127.0.0.1"

# Forms of IPv6 whose last 32 bits are an IPv4 address, beside those that ``ipaddress`` knows: IPv4-compatible
# (RFC 4291, 2.5.5.1), IPv4-translated (RFC 2765), and what a NAT64 gateway takes (RFC 6052).
_WITH_IPV4 = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215


class AddressRefusedError(OSError):
    """A connection that the catalogue does not allow: the host lies on a private network."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"{host} lies on a private network ({address}); if that is meant, say --private, "
            "or private_network = true in its source"
        )


@lru_cache(maxsize=1024)
def literal_address(host: str) -> str | None:
    """Return the IP address that ``host`` is, or None. What system calls take counts: ``127.1``, ``0x7f000001``."""
    bare = host.strip("[]").partition("%")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare)) if bare and bare[0].isdigit() and " " not in bare else None
    except (OSError, UnicodeError):
        return None


def is_localhost(host: str) -> bool:
    """Whether a host name is ``localhost`` or below it: always loopback (RFC 6761, section 6.3)."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the public Internet; IPv4 inside IPv6 counts as the IPv4 it is."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _WITH_IPV4):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local or ip in _LOCAL_NAT64:
            return False
    return ip.is_global and not ip.is_multicast


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host, name or address, is this machine."""
    address = literal_address(host)
    return is_localhost(host) or (address is not None and ipaddress.ip_address(address).is_loopback)


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing names that resolve to private addresses unless their host was allowed.

    The check stands where the address is handed to the connection, so that a name cannot answer differently in between.
    """

    allowed: ClassVar[set[str]] = set()  # hosts of the sources with private_network = true
    refused: ClassVar[dict[str, AddressRefusedError]] = {}  # Twisted tells no more than that a name gave no address

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802 - Twisted's name
        if is_localhost(name):
            return self._check(LOOPBACK, name)
        if address := literal_address(name):
            return self._check(address, name)
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> "Deferred[str]":
        if is_public(address) or name.lower() in self.allowed:
            return succeed(address)
        self.refused[name.lower()] = error = AddressRefusedError(name, address)
        return fail(DNSLookupError(str(error)))  # any other error Twisted writes to the log, with a traceback
