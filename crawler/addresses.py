"""Addresses that people write on one line."""

import re

from crawler.privacy import fold


def parse_address(text: str) -> dict[str, str]:
    """Return the parts of a one-line address: street, postcode, town and country, as far as commas and digits tell."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    address: dict[str, str] = {}
    if len(parts) > 1 and fold(parts[-1]) == "france":
        address["addressCountry"] = parts.pop()
    if not parts:
        return address
    if match := re.search(r"\b(\d{5})\s+([^\d]+)$", parts[-1]):
        address |= {"postalCode": match[1], "addressLocality": match[2].strip()}
        parts[-1] = parts[-1][: match.start()].strip()
    elif not any(char.isdigit() for char in parts[-1]):
        address["addressLocality"] = parts.pop()
    if street := ", ".join(part for part in parts if part):
        address["streetAddress"] = street
    return address


def parse_street(text: str | None) -> dict[str, str]:
    """Return the parts of an address that stands beside a town: what has no comma is a street, not a town."""
    if not text:
        return {}
    return parse_address(text) if "," in text else {"streetAddress": text}
