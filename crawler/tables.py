"""The tables of the store."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table

META = MetaData()
SOURCES = Table(
    "source",
    META,
    Column("id", String, primary_key=True),
    Column("catalogue", LargeBinary, nullable=False),  # the catalogue's entry as JSON, as of the last run
    Column("last_run", String),
    Column("last_good", String),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("documents", Integer, nullable=False, default=0),
    Column("records", Integer, nullable=False, default=0),
)
PAGES = Table(
    "page",
    META,
    Column("url", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("etag", String),
    Column("last_modified", String),
    Column("sha256", String, nullable=False),
    Column("format", String),
    Column("version", String, nullable=False),
    Column("links", LargeBinary, nullable=False),
    Column("first_read", String, nullable=False),
    Column("last_read", String, nullable=False),
)
RECORDS = Table(
    "record",
    META,
    Column("key", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("type", String, nullable=False),
    Column("page", String, nullable=False),
    Column("content", String, nullable=False),  # hash of what is stated
    Column("body", LargeBinary, nullable=False),
    Column("first_seen", String, nullable=False),
    Column("last_seen", String, nullable=False),
    Index("record_by_page", "source", "page"),
)
HISTORY = Table(
    "history",
    META,
    Column("key", String, primary_key=True),
    Column("until", String, primary_key=True),  # when the next state was read
    Column("content", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
RUNS = Table(
    "run",
    META,
    Column("source", String, primary_key=True),
    Column("at", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
HOLDS = Table(
    "hold",
    META,
    Column("source", String, primary_key=True),
    Column("since", String, nullable=False),  # what the source said from then on is not believed yet
    Column("why", String, nullable=False),
)
