"""The graph's vocabulary: node types, edge types, and which of a record's fields become what."""

SCHEMA = "https://recroise.org/schema/graph-1.json"
VERSION = 1

NODE_TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")

# A record's fields that hold other things: each is an edge from the thing that has the field to the thing in it.
RELATIONS = (
    "performer",
    "organizer",
    "attendee",
    "location",
    "superEvent",
    "worksFor",
    "memberOf",
    "founder",
)
RELATED = frozenset(RELATIONS)

# Fields of a mention that stand on the edge that it was found on.
EDGE_ROLES = {"performer": "jobTitle", "organizer": "jobTitle", "attendee": "jobTitle", "founder": "jobTitle"}

LISTS = frozenset(("alternateName", "sameAs", "keywords", "about", "openingHours", "figure", "quote"))

# Fields that say where a record comes from or which it is, not what the thing is like.
NOT_FACTS = frozenset(("type", "id", "source", *RELATIONS))

# Nested objects whose fields become the node's own.
FLATTENED = ("address", "geo")
