"""The names of an export's files, for those who read them: they need not load what writes them."""

CHANGES = "changes.jsonl"
LOOKUP = "lookup"  # a folder
INDEX = "index-"  # a folder: and sixteen hexadecimal digits
# In it:
NAMES, TEXTS, FILTERS, TOWNS, LINKS = "names.json", "texts.json", "filters.json", "towns.json", "links.json"
