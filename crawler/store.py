"""The store: every record ever read, by the source's own key, with first seen, last seen and history.

SQLite by default; any database that SQLAlchemy knows upserts for (PostgreSQL) takes its place by an address. A page is
the unit of writing: its records, its links and what the server said of its freshness are stored together or not at
all, so a crash between two pages costs nothing but reading the second one again. Nothing is deleted because a page
stopped naming it: past events leave every agenda, and the past is what the lookup lives on.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

import orjson
from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    Table,
    and_,
    bindparam,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from crawler import storefile
from crawler.records import a_second_before, content_hash, record_key
from crawler.stored import Counts, PageState, Sighting, Stored, StoredRecord, page_of, page_row, record_of
from crawler.tables import HISTORY, HOLDS, META, PAGES, RECORDS, RUNS, SOURCES

BATCH = 100  # pages written in one transaction at the most
BATCH_SECONDS = 1.0  # and the longest that a page waits to be written, as long as others keep coming


class StoreError(RuntimeError):
    """The store cannot be opened, read or written: where, why, and what to do."""


class Store:
    """Open store. Use as a context manager: leaving it commits, leaving it by an error rolls the open batch back.

    A store on a disk that cannot be written is opened for looking alone.

    What ``save_page`` took is acknowledged once ``flush`` returned (or the context was left). ``counts`` tells what the
    pages of each source changed, up to the last flush.

    Raises:
        StoreError: when the database cannot be opened or written.
    """

    def __init__(self, where: str | Path) -> None:
        server = isinstance(where, str) and "://" in where
        self._file = None if server else Path(where)
        try:
            self._engine = storefile.open_file(self._file) if self._file else storefile.open_address(str(where))
        except storefile.AddressError as error:
            raise StoreError(f"{storefile.shown(str(where))}: {error}") from None
        self.counts: defaultdict[str, Counts] = defaultdict(Counts)
        self._new_pages: list[PageState] = []
        self._new_records: list[Sighting] = []
        self._confirmed: list[dict[str, str]] = []
        self._said: dict[str, dict[str, int]] = {}  # by source: page → records that it said when it was last read
        self._flushed = monotonic()
        self._pages: dict[str, dict[str, PageState]] = {}
        self._upsert = _upsert_of(self._engine)
        if self._engine.dialect.name == "sqlite" and (self._file is None or storefile.writable(self._file)):
            storefile.prepare(self._engine)
        # Other tables of the same database (runs, node ids) are reached by the connection: their errors come here too.
        event.listen(self._engine, "handle_error", self._raise)
        with self._errors():
            META.create_all(self._engine)
            self._connection: Connection = self._engine.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
        self.close()

    def close(self) -> None:
        """Give the database back; what was not flushed is lost."""
        self._connection.close()
        self._engine.dispose()

    def flush(self) -> None:
        """Make everything taken so far durable."""
        pages, self._new_pages = self._new_pages, []
        sightings, self._new_records = self._new_records, []
        confirmed, self._confirmed = self._confirmed, []
        try:
            with self._errors():
                if confirmed:
                    self._confirm(confirmed)
                if sightings:
                    self._save(sightings)
                if pages:
                    self._put(PAGES, [page_row(page) for page in pages], keep=("first_read",))
                self._connection.commit()
        except StoreError:
            # Whoever goes on all the same starts a new transaction, and is told the same in the same words.
            with suppress(StoreError):
                self._connection.rollback()
            raise
        self._flushed = monotonic()

    @property
    def connection(self) -> Connection:
        """The open connection, for the graph's own tables in the same database; ``flush`` commits what it did."""
        return self._connection

    # Pages

    def page(self, source: str, url: str) -> PageState | None:
        """Return what is known of a document, or None when it was never read."""
        if source not in self._pages:
            with self._errors():
                rows = self._connection.execute(select(PAGES).where(PAGES.c.source == source)).mappings()
                self._pages[source] = {row["url"]: page_of(row) for row in rows}
        return self._pages[source].get(url)

    def save_page(self, page: PageState, records: Iterable[dict[str, Any]]) -> None:
        """Store one document's records and its own state, together. Records are in JSON form, with provenance."""
        seen = [Sighting(page.source, page.url, page.read, record) for record in records]
        self._new_pages.append(page)
        self._new_records += seen
        self._pages.setdefault(page.source, {})[page.url] = page
        if page.source in self._said:
            self._said[page.source][page.url] = len(seen)
        self._flush_if_time()

    def confirm_page(self, source: str, url: str, when: str) -> int:
        """Note that a document was looked at and is unchanged; return how many records it confirms."""
        if source not in self._said:
            self._said[source] = self._records_by_page(source)
        count = self._said[source].get(url, 0)
        self._confirmed.append({"of": source, "at": url, "when": when})
        self.counts[source].same += count
        self._flush_if_time()
        return count

    def _records_by_page(self, source: str) -> dict[str, int]:
        """Return how many records each page of a source said when it was last read."""
        self.flush()
        page, record = PAGES.c, RECORDS.c
        both = and_(page.source == record.source, page.url == record.page)
        query = select(record.page, func.count()).join(PAGES, both).where(record.source == source)
        with self._errors():
            rows = self._connection.execute(query.where(record.last_seen >= page.last_read).group_by(record.page))
            return {row[0]: row[1] for row in rows}

    def _confirm(self, pages: list[dict[str, str]]) -> None:
        page, record = PAGES.c, RECORDS.c
        this = (page.url == bindparam("at"), page.source == bindparam("of"))
        read = select(page.last_read).where(*this).scalar_subquery()
        # Only what the page said when it was last read is confirmed, not what it said once.
        said = (record.source == bindparam("of"), record.page == bindparam("at"), record.last_seen >= read)
        self._connection.execute(update(RECORDS).where(*said).values(last_seen=bindparam("when")), pages)
        self._connection.execute(update(PAGES).where(*this).values(last_read=bindparam("when")), pages)

    # Records

    def save_records(self, records: Iterable[dict[str, Any]]) -> None:
        """Store records that were read elsewhere: each was seen when, where and by which source it says itself."""
        for record in records:
            stamp = record["source"]
            self._new_records.append(Sighting(stamp["id"], stamp["url"], stamp["fetched"], record))
            if len(self._new_records) >= 20 * BATCH:
                self.flush()

    def records(self, source: str | None = None, held: bool = False) -> Iterator[StoredRecord]:
        """Yield every record in the order of its key, whatever order it was stored in.

        A source whose last run is not believed (``hold``) is told as it stood before that run, unless ``held``.
        """
        with self._errors():
            yield from (each.record() for each in self.stored(source, held))

    def stored(self, source: str | None = None, held: bool = False) -> Iterator[Stored]:
        """Yield what ``records`` does, with bodies as they lie in the store: to tell whether anything changed."""
        self.flush()
        query = select(RECORDS).order_by(RECORDS.c.key)
        if source is not None:
            query = query.where(RECORDS.c.source == source)
        since = {} if held else self.holds()
        with self._errors():
            # A run's instant is that of its beginning: all that it saw was seen later.
            good = {
                row.id: row.last_good or ""
                for row in self._connection.execute(select(SOURCES.c.id, SOURCES.c.last_good))
            }
            for row in self._connection.execute(query.execution_options(yield_per=1_000)).mappings():
                if row["source"] not in since:
                    body = row["body"]
                elif (body := self._before(row, since[row["source"]][0])) is None:
                    continue
                seen = row["last_seen"]
                until = seen if seen < good.get(row["source"], "") else ""
                yield Stored(row["key"], bytes(body), row["first_seen"], seen, until)

    def seen_since(self, source: str, instant: str) -> Iterator[StoredRecord]:
        """Yield the records of a source that were seen at an instant or later."""
        self.flush()
        query = select(RECORDS).where(RECORDS.c.source == source, RECORDS.c.last_seen >= instant)
        with self._errors():
            for row in self._connection.execute(query.order_by(RECORDS.c.key)).mappings():
                yield record_of(row)

    def record(self, key: str) -> StoredRecord | None:
        """Return the record of a key, held or not; None for an unknown one."""
        self.flush()
        with self._errors():
            row = self._connection.execute(select(RECORDS).where(RECORDS.c.key == key)).mappings().one_or_none()
            return record_of(row) if row else None

    def on_page(self, source: str, page: str) -> list[StoredRecord]:
        """Return the records that a page was the last to say, held or not."""
        self.flush()
        query = select(RECORDS).where(RECORDS.c.source == source, RECORDS.c.page == page).order_by(RECORDS.c.key)
        with self._errors():
            return [record_of(row) for row in self._connection.execute(query).mappings()]

    def holds(self) -> dict[str, tuple[str, str]]:
        """Return the sources whose last run is not believed yet: since when, and why."""
        with self._errors():
            return {row.source: (row.since, row.why) for row in self._connection.execute(select(HOLDS))}

    def hold(self, source: str, since: str, why: str) -> None:
        """Keep what a source says from an instant on out of what ``records`` tells; a hold that stands stays."""
        if source not in self.holds():
            with self._errors():
                self._put(HOLDS, [{"source": source, "since": since, "why": why}])

    def release(self, source: str, without: str | None = None) -> int:
        """Believe a source again; return how many records went.

        ``without`` is the instant of the run that was right again: records that stood only in the runs between, which
        were not believed, go.
        """
        since = self.holds().get(source)
        if since is None:
            return 0
        self.flush()
        gone = 0
        with self._errors():
            if without:
                record = RECORDS.c
                bad = (record.source == source, record.first_seen >= since[0], record.last_seen < without)
                gone = self._connection.execute(delete(RECORDS).where(*bad)).rowcount
            self._connection.execute(delete(HOLDS).where(HOLDS.c.source == source))
        return gone

    def _before(self, row: RowMapping, since: str) -> bytes | None:
        """Return a record's body as it stood before an instant, None where it was not known then."""
        if row["first_seen"] >= since:
            return None
        query = select(HISTORY.c.body).where(HISTORY.c.key == row["key"], HISTORY.c.until >= since)
        body: bytes | None = self._connection.execute(query.order_by(HISTORY.c.until).limit(1)).scalar()
        return row["body"] if body is None else body

    def days(self) -> set[str]:
        """Return the days (ISO 8601) on which anything was tried or last seen."""
        columns = (RUNS.c.at, RECORDS.c.last_seen)
        with self._errors():
            return {
                day
                for column in columns
                for (day,) in self._connection.execute(select(func.substr(column, 1, 10)).distinct())
            }

    def put_before(self, instant: str) -> None:
        """Date to just before an instant, the present one, whatever was seen at it or later: a clock ran ahead then.

        Otherwise what is read from now on would stand before it, and a hold would take what is long known for new.
        """
        self.flush()
        before = a_second_before(instant)
        columns = (
            (RECORDS, "first_seen"),
            (RECORDS, "last_seen"),
            (PAGES, "first_read"),
            (PAGES, "last_read"),
            (SOURCES, "last_run"),
            (SOURCES, "last_good"),
            (HOLDS, "since"),
        )
        with self._errors():
            for table, name in columns:
                column = table.c[name]
                self._connection.execute(update(table).where(column >= instant).values({name: before}))
            later = HISTORY.c.until >= instant
            rows = self._connection.execute(select(HISTORY).where(later).order_by(HISTORY.c.until)).mappings().all()
            if rows:
                # One record may have been in the same state twice: then the later one stays.
                self._connection.execute(delete(HISTORY).where(later))
                self._put(HISTORY, [{**row, "until": before} for row in rows])
            self._connection.commit()

    def count(self, source: str) -> int:
        """Return how many records are held of a source."""
        self.flush()
        with self._errors():
            query = select(func.count()).select_from(RECORDS).where(RECORDS.c.source == source)
            return int(self._connection.execute(query).scalar_one())

    def _forget_known(self) -> None:
        self._pages.clear()
        self._said.clear()

    def history(self, key: str) -> list[dict[str, Any]]:
        """Return the earlier states of a record, the oldest first."""
        query = select(HISTORY.c.body).where(HISTORY.c.key == key).order_by(HISTORY.c.until)
        with self._errors():
            return [orjson.loads(body) for (body,) in self._connection.execute(query)]

    def states(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield every record's key with all of its states, the present one last."""
        for record in list(self.records(held=True)):
            yield record.key, [*self.history(record.key), record.body]

    def forget_pages(self, names: Callable[[str], bool]) -> None:
        """Forget every page whose address, or one that it leads to, ``names`` says yes to: for erasure."""
        self.flush()
        self._forget_known()
        with self._errors():
            for row in self._connection.execute(select(PAGES)).mappings().all():
                addresses = [row["url"], *(link[0] for link in orjson.loads(row["links"]))]
                if any(map(names, addresses)):
                    this = (PAGES.c.url == row["url"], PAGES.c.source == row["source"])
                    self._connection.execute(delete(PAGES).where(*this))

    def withdraw(self, objected: Callable[[str], bool]) -> int:
        """Remove every record and page that was read from an address that ``objected`` says yes to; return how many.

        Their history goes too. A page counts by the address that was asked for and by the one that it led to.
        """
        self.flush()
        self._forget_known()
        with self._errors():
            query = select(RECORDS.c.source, RECORDS.c.page).distinct()
            pages = {(row.source, row.page) for row in self._connection.execute(query) if objected(row.page)}
            query = select(PAGES.c.source, PAGES.c.url)
            pages |= {(row.source, row.url) for row in self._connection.execute(query) if objected(row.url)}
            query = select(RECORDS.c.source, RECORDS.c.page, RECORDS.c.body).execution_options(yield_per=1_000)
            pages |= {
                (row.source, row.page)
                for row in self._connection.execute(query)
                if objected(orjson.loads(row.body)["source"]["url"])
            }
            gone = 0
            for source, url in sorted(pages):
                record = RECORDS.c
                keys = select(record.key).where(record.source == source, record.page == url)
                self._connection.execute(delete(HISTORY).where(HISTORY.c.key.in_(keys)))
                gone += self._connection.execute(
                    delete(RECORDS).where(record.source == source, record.page == url)
                ).rowcount
                self._connection.execute(delete(PAGES).where(PAGES.c.source == source, PAGES.c.url == url))
        return gone

    def drop_source(self, source: str) -> None:
        """Forget everything that a source ever said, and the source: for erasure."""
        self.flush()
        self._forget_known()
        with self._errors():
            keys = select(RECORDS.c.key).where(RECORDS.c.source == source)
            self._connection.execute(delete(HISTORY).where(HISTORY.c.key.in_(keys)))
            for table, column in ((RECORDS, "source"), (PAGES, "source"), (HOLDS, "source"), (SOURCES, "id")):
                self._connection.execute(delete(table).where(table.c[column] == source))

    def redact_sources(self, redacted: Callable[[str], str]) -> None:
        """Take names out of what is known of the sources themselves: for erasure."""
        for name, row in self.sources().items():
            stated = row["catalogue"].items()
            entry = {key: redacted(value) if isinstance(value, str) else value for key, value in stated}
            reason = redacted(row["reason"]) if row["reason"] else None
            if (entry, reason) != (row["catalogue"], row["reason"]):
                values = {"catalogue": orjson.dumps(entry, option=orjson.OPT_SORT_KEYS), "reason": reason}
                with self._errors():
                    self._connection.execute(update(SOURCES).where(SOURCES.c.id == name).values(values))

    def scrub(self) -> None:
        """Leave nothing in the database's files of what was deleted: for erasure, after ``flush``."""
        if self._engine.dialect.name != "sqlite":
            return  # a server's own VACUUM does it, and is not ours to run
        with self._errors():
            self._connection.commit()
            raw = self._connection.connection.driver_connection
            assert raw is not None
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rewrite(self, key: str, body: dict[str, Any] | None) -> None:
        """Replace a record by ``body``, or remove it, history and all: for erasure, not for crawling.

        The page that it was read from is forgotten too, so that the next run reads it again in full.
        """
        self.flush()
        self._forget_known()
        with self._errors():
            row = self._connection.execute(select(RECORDS).where(RECORDS.c.key == key)).mappings().first()
            self._connection.execute(delete(HISTORY).where(HISTORY.c.key == key))
            if row is not None:
                page = (PAGES.c.url == row["page"], PAGES.c.source == row["source"])
                self._connection.execute(delete(PAGES).where(*page))
            if row is None or body is None:
                self._connection.execute(delete(RECORDS).where(RECORDS.c.key == key))
                return
            # Without an address that named somebody it may stand under another key.
            new = {"key": record_key(body), "content": content_hash(body), "body": orjson.dumps(body)}
            if new["key"] != key:
                self._connection.execute(delete(RECORDS).where(RECORDS.c.key == key))
            self._put(RECORDS, [{**dict(row), **new}], keep=("first_seen",))

    # Sources

    def sources(self) -> dict[str, dict[str, Any]]:
        """Return every source ever run: its catalogue entry, state, reason, last run, last good run and counts."""
        with self._errors():
            rows = self._connection.execute(select(SOURCES).order_by(SOURCES.c.id)).mappings().all()
        return {row["id"]: {**row, "catalogue": orjson.loads(row["catalogue"])} for row in rows}

    def save_source(
        self, entry: dict[str, Any], when: str, state: str, reason: str | None, documents: int, good: bool
    ) -> None:
        """Note how a run of a source ended. A run that failed, or is not believed, does not move ``last_good``."""
        records = self.count(entry["id"])
        with self._errors():
            values = {
                "id": entry["id"],
                "catalogue": orjson.dumps(entry, option=orjson.OPT_SORT_KEYS),
                "last_run": when,
                "last_good": when if good else None,
                "state": state,
                "reason": reason,
                "documents": documents,
                "records": records,
            }
            self._put(SOURCES, [values], keep=() if good else ("last_good",))

    def accept_source(self, source: str, when: str, state: str) -> None:
        """Note that a run which was not believed was good; where it was the last one, its state and reason go too."""
        row = SOURCES.c
        with self._errors():
            good = update(SOURCES).where(row.id == source)
            self._connection.execute(good.values(last_good=when))
            self._connection.execute(good.where(row.last_run == when).values(state=state, reason=None))

    # Inside

    def _flush_if_time(self) -> None:
        if len(self._new_pages) + len(self._confirmed) >= BATCH or monotonic() - self._flushed > BATCH_SECONDS:
            self.flush()

    def _save(self, sightings: list[Sighting]) -> None:
        table = RECORDS.c
        keyed = [(record_key(each.record), each) for each in sightings]
        keys = sorted({key for key, _ in keyed})
        states: dict[str, dict[str, Any]] = {}
        for start in range(0, len(keys), 500):  # databases bound the number of parameters
            query = select(RECORDS).where(table.key.in_(keys[start : start + 500]))
            states.update({row["key"]: dict(row) for row in self._connection.execute(query).mappings()})
        history = []
        for key, each in keyed:
            old, content, counts = states.get(key), content_hash(each.record), self.counts[each.source]
            state = {
                "key": key,
                "source": each.source,
                "type": each.record["type"],
                "page": each.page,
                "content": content,
                "body": orjson.dumps(each.record),
                "first_seen": each.seen,
                "last_seen": each.seen,
            }
            if old is None:
                counts.new += 1
            elif old["content"] == content:
                counts.same += 1
                # The body stays too: its provenance tells when this was first read as it stands.
                state |= {"first_seen": old["first_seen"], "body": old["body"]}
            else:
                counts.changed += 1
                state["first_seen"] = old["first_seen"]
                history.append({"key": key, "until": each.seen, "content": old["content"], "body": old["body"]})
            states[key] = state
        if states:
            self._put(RECORDS, list(states.values()), keep=("first_seen",))
        if history:
            self._put(HISTORY, history)

    def _put(self, table: Table, rows: list[dict[str, Any]], keep: tuple[str, ...] = ()) -> None:
        """Insert rows, or update those with their primary keys, leaving the columns in ``keep`` as they were."""
        keys = [column.name for column in table.primary_key]
        statement = self._upsert(table)
        changes = {name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep}
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._told(error.orig) from error
        except (sqlite3.Error, orjson.JSONDecodeError) as error:
            raise self._told(error) from error

    def _raise(self, context: ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, DBAPIError):
            raise self._told(context.original_exception) from context.original_exception

    def _told(self, error: BaseException | None) -> StoreError:
        """Return what a person is told of an error: where, why, and what to do."""
        where = self._engine.url.render_as_string()
        return StoreError(f"{where}: {storefile.explained(error, self._file)}")


def _upsert_of(engine: Engine) -> Any:
    if engine.dialect.name == "postgresql":
        # Takes as long to import as a hundred unchanged pages take to confirm.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    return sqlite.insert
