"""The names of an export's files, for those who read them: they need not load what writes them."""

CHANGES = "changes.jsonl"
LOOKUP = "lookup"  # a folder
NAMES, TEXTS, LINKS, TOWNS = "names.json", "texts.json", "links.json", "towns.json"  # in it
