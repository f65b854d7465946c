"""The address guard: which hosts a crawl may connect to."""

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.resolver import dnscache
from scrapy.utils.test import get_crawler
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.catalogue import Source
from crawler.middlewares.guard import GuardMiddleware
from crawler.network import AddressRefusedError, GuardedResolver, is_loopback, is_public, literal_address
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "::ffff:a00:1"),
        ("fe80::1%eth0", "fe80::1"),
        ("a.example", None),
        ("1password.example", None),
        ("", None),
    ],
)
def test_addresses_are_seen_in_any_form(host: str, address: str | None) -> None:
    assert literal_address(host) == address


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("::7f00:1", False),
        ("::ffff:0:a9fe:a9fe", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b:1::a00:1", False),
        ("fec0::1", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_localhost_names_are_this_machine() -> None:
    assert is_loopback("localhost")
    assert is_loopback("cantine-rennes.localhost.")
    assert is_loopback("127.9.9.9")
    assert not is_loopback("localhost.example")


def source(url: str, private: bool = False) -> Source:
    return Source(id="xx", name="x", url=url, community="blog", region="FR", private_network=private)


def ask(url: str, of: Source | None) -> None:
    GuardMiddleware(get_crawler()).process_request(Request(url, meta={"source": of} if of else {}))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://localhost:8000/", "http://10.0.0.1/x"]
)
def test_private_hosts_are_refused_unless_the_source_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuardedResolver, "allowed", set())
    with pytest.raises(AddressRefusedError, match="private_network = true"):
        ask(url, source(url))
    ask(url, source(url, private=True))


def test_a_source_on_a_private_network_does_not_open_the_rest_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuardedResolver, "allowed", set())
    of = source("http://192.168.1.5/agenda", private=True)
    ask("http://192.168.1.5/agenda", of)
    with pytest.raises(AddressRefusedError):
        ask("http://192.168.1.1/admin", of)  # where a redirect may lead


def resolved(deferred: "Deferred[str]") -> str | type[BaseException]:
    results: list[str | type[BaseException]] = []
    deferred.addCallbacks(results.append, lambda failure: results.append(failure.type))
    return results[0]


def test_names_that_resolve_to_private_addresses_are_refused_when_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuardedResolver, "allowed", set())
    resolver = GuardedResolver(reactor, 10, 1)
    monkeypatch.setitem(dnscache, "rebound.example", "169.254.169.254")
    monkeypatch.setitem(dnscache, "fine.example", "93.184.216.34")
    assert resolved(resolver.getHostByName("fine.example")) == "93.184.216.34"
    assert resolved(resolver.getHostByName("rebound.example")) is DNSLookupError
    assert resolved(resolver.getHostByName("x.localhost")) is DNSLookupError
    assert "private_network = true" in str(GuardedResolver.refused["rebound.example"])
    GuardedResolver.allowed.update({"rebound.example", "x.localhost"})
    assert resolved(resolver.getHostByName("rebound.example")) == "169.254.169.254"
    assert resolved(resolver.getHostByName("x.localhost")) == "127.0.0.1"


def test_names_and_addresses_that_are_refused_are_counted_once_each(tmp_path: Path) -> None:
    sources = tmp_path / "catalogue.toml"
    entry = '[[source]]\nid = "{0}"\nname = "x"\nurl = "http://{0}.example/"\ncommunity = "agenda"\nregion = "FR"\n'
    literal = entry.format("literal").replace("literal.example", "10.0.0.1")
    sources.write_text(entry.format("rebound") + entry.format("within") + literal)
    code = (
        "import sys; from scrapy.resolver import dnscache; from scrapy.cmdline import execute; dnscache.limit = 9\n"
        "dnscache.update({'rebound.example': '169.254.169.254', 'within.example': '10.0.0.1'}); execute(sys.argv)"
    )
    arguments = ["crawl", "sources", "-a", f"catalogue={sources}", "-s", f"RECROISE_DATA={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert "'guard/refused': 3" in done.stderr
