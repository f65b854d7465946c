"""Addresses that people write on one line."""

import re

from crawler.privacy import fold

# Countries by the names that addresses end in, folded.
COUNTRIES = frozenset(
    """
    allemagne belgique belgie belgium canada deutschland england espana espagne france germany ireland irlande italia
    italie italy luxembourg nederland netherlands portugal schweiz spain suisse switzerland uk usa
    """.split()
) | {"etats unis", "pays bas", "royaume uni", "united kingdom", "united states", "united states of america"}


def parse_address(text: str) -> dict[str, str]:
    """Return the parts of a one-line address: street, postcode, town and country, as far as commas and digits tell."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    address: dict[str, str] = {}
    if len(parts) > 1 and fold(parts[-1]) in COUNTRIES:
        address["addressCountry"] = parts.pop()
    if not parts:
        return address
    if match := re.search(r"\b(\d{5})\s+([^\d]+)$", parts[-1]):
        town = match[2].strip()
        words = town.split()
        if len(words) > 1 and fold(words[-1]) in COUNTRIES:
            town, address["addressCountry"] = " ".join(words[:-1]).strip(" -–("), words[-1].strip("()")
        address |= {"postalCode": match[1], "addressLocality": town}
        parts[-1] = parts[-1][: match.start()].strip()
    elif not any(char.isdigit() for char in parts[-1]):
        address["addressLocality"] = parts.pop()
    if street := ", ".join(part for part in parts if part):
        address["streetAddress"] = street
    return address


def short_address(text: str) -> dict[str, str]:
    """Return the parts of an address that is one text: only a postcode and town at its end are sure to be none of it.

    A text without a postcode stays whole, as the street: "London, SE1" says itself what is what to nobody else.
    """
    found = parse_address(text)
    sure = found if "postalCode" in found else {"streetAddress": text}
    return {key: part[:500] for key, part in sure.items()}


def parse_street(text: str | None) -> dict[str, str]:
    """Return the parts of an address that stands beside a town: what has no comma is a street, not a town."""
    if not text:
        return {}
    return parse_address(text) if "," in text else {"streetAddress": text}
