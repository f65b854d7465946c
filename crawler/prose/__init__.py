"""Prose → records: people in a public role, places, events, series, organisations and figures, each with its sentence.

Patterns of French and English find, lists of this world's words and the gazetteer say what it is, and a language
model, where one is installed, tells a person's name from another. Precision goes first: what could be read in two ways
is left out.
"""

from crawler.prose.facts import Context, Read, read

__all__ = ["Context", "Read", "read"]
