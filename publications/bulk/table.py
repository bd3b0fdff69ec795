"""Records as a spreadsheet: written for editing, and read back as what is wanted of each.

    pid                   which record; every row has it
    title                 for whoever edits: it is not read
    topics, collections   several, separated by ; topics by any label or synonym, collections by their address
    access_right          open, embargoed, members, restricted or metadata_only
    available             the day an embargo ends: 2027-01-31
    groups                those that may open restricted files, separated by ;
    rights                a licence: CC-BY-4.0; empty for none
    event, owner          an event's address, an account's name; empty for none

A column that is left out changes nothing. An empty cell takes away.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from publications.bulk.planning import selectable
from publications.bulk.preparing import MOST_RECORDS
from publications.bulk.wanted import Wanted
from publications.formats.csv import escape_formula, read_list, unescape_formula, write_list
from publications.models import Collection, Event, Record, Topic, User
from publications.records.changing import Access, values_of
from publications.topics import match_topic
from publications.vocabularies import AccessRight, Licence

COLUMNS = ("pid", "title", "topics", "access_right", "available", "groups", "rights", "event", "collections", "owner")
ACCESS_COLUMNS = ("access_right", "available", "groups")
MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell."""

    row: int
    column: str
    text: str


@dataclass
class Table:
    """What a spreadsheet asks for, by keys of records; nothing of it where anything is wrong."""

    wanted: dict[int, Wanted] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def write_table(records: QuerySet[Record]) -> str:
    """These records as CSV, each with the values that can be changed here."""
    events = dict(Event.objects.values_list("pk", "slug"))
    collections = dict(Collection.objects.values_list("pk", "slug"))
    topics = {topic.pk: topic.name for topic in Topic.objects.all()}
    groups, owners = dict(Group.objects.values_list("pk", "name")), dict(User.objects.values_list("pk", "username"))
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in selectable(records):
        values = values_of(record)
        access = values["access"]
        row = (
            record.pid,
            record.title,
            write_list(topics[pk] for pk in values["topics"]),
            access["right"],
            access["available"] or "",
            write_list(groups[pk] for pk in access["groups"]),
            values["rights"],
            events.get(values["event"] or 0, ""),
            write_list(collections[item.collection_id] for item in record.collection_items.all()),
            owners.get(values["owner"] or 0, ""),
        )
        writer.writerow([escape_formula(cell) for cell in row])
    return output.getvalue()


def read_table(content: bytes, *, kind: str) -> Table:
    """What a spreadsheet asks of records of this kind; every fault with its row and column."""
    table = Table()
    try:
        text = content.decode("utf-8-sig")
        rows = list(
            csv.reader(io.StringIO(text), delimiter=max(",;\t", key=text.partition("\n")[0].count), strict=True)
        )
    except (UnicodeDecodeError, csv.Error):
        table.faults.append(Fault(1, "", _("This is no CSV in UTF-8, or a quotation mark is not closed.")))
        return table
    columns = [name.strip().lower() for name in rows[0]] if rows else []
    if "pid" not in columns or len(set(columns)) < len(columns):
        table.faults.append(Fault(1, "pid", _("The first row must name a column “pid”, and each column once.")))
        return table
    if unknown := [name for name in columns if name not in COLUMNS]:
        table.faults.append(Fault(1, unknown[0], _("There is no such column.")))
    if len(rows) > MOST_RECORDS + 1:
        table.faults.append(
            Fault(MOST_RECORDS + 2, "", _("A file has %(limit)d rows at most.") % {"limit": MOST_RECORDS})
        )
    if not table.faults:
        _read_rows(table, columns, rows[1:], kind=kind)
    return table


def _read_rows(table: Table, columns: list[str], rows: list[list[str]], *, kind: str) -> None:
    cells = [dict(zip(columns, [unescape_formula(cell.strip()) for cell in row], strict=False)) for row in rows]
    told = Record.objects.told_to_editors().filter(record_type=kind, pid__in=[one.get("pid", "") for one in cells])
    records = {record.pid: record for record in selectable(told)}
    reader = CellReader()
    for number, (row, one) in enumerate(zip(rows, cells, strict=True), start=2):
        if not any(cell.strip() for cell in row):
            continue
        record = records.get(one.get("pid", ""))
        if record is None:
            table.faults.append(Fault(number, "pid", _("There is no such record of this kind.")))
        elif record.pk in table.wanted:
            table.faults.append(Fault(number, "pid", _("This record stands in a row above, too.")))
        elif len(row) != len(columns):
            table.faults.append(Fault(number, "", _("This row has not as many cells as the first row.")))
        else:
            table.wanted[record.pk], faults = reader.read(one, record)
            table.faults += [Fault(number, column, text) for column, text in faults]


class CellReader:
    """Turns cells into keys; each kind of thing is asked for once."""

    def __init__(self) -> None:
        self.topics: dict[str, int | None] = {}
        self.events = dict(Event.objects.values_list("slug", "pk"))
        self.collections = dict(Collection.objects.values_list("slug", "pk"))
        self.groups = dict(Group.objects.values_list("name", "pk"))
        self.owners = dict(User.objects.values_list("username", "pk"))

    def read(self, cells: Mapping[str, str], record: Record) -> tuple[Wanted, list[tuple[str, str]]]:
        """What a row asks of a record, and what is wrong with it, by column."""
        wanted, faults = Wanted(), []

        def take(column: str, read: Callable[[str], Any], name: str = "") -> None:
            if column not in cells:
                return
            try:
                wanted[name or column] = read(cells[column])  # type: ignore[literal-required]
            except ValueError as error:
                faults.append((column, str(error)))

        take("topics", lambda cell: self._keys(read_list(cell), self._topic))
        take("collections", lambda cell: self._keys(read_list(cell), self.collections.get))
        take("rights", self._licence)
        take("event", lambda cell: self._key(cell, self.events.get) if cell else None)
        take("owner", lambda cell: self._key(cell, self.owners.get) if cell else None)
        if column := next((name for name in ACCESS_COLUMNS if name in cells), ""):
            take(column, lambda _cell: self._access(cells, record), "access")
        return wanted, faults

    def _topic(self, name: str) -> int | None:
        if name not in self.topics:
            topic = match_topic(name)
            self.topics[name] = topic.pk if topic else None
        return self.topics[name]

    def _key(self, name: str, find: Callable[[str], int | None]) -> int:
        key = find(name)
        if key is None:
            raise ValueError(_("There is no “%(name)s”.") % {"name": name[:100]})
        return key

    def _keys(self, names: Iterable[str], find: Callable[[str], int | None]) -> list[int]:
        return list(dict.fromkeys(self._key(name, find) for name in names))

    def _licence(self, cell: str) -> str:
        if cell and cell not in Licence.values:
            raise ValueError(_("“%(value)s” is no licence that this hub knows.") % {"value": cell[:100]})
        return cell

    def _access(self, cells: Mapping[str, str], record: Record) -> Access:
        """Who may open the files: what a row leaves out stays; who is named one by one stays, too."""
        now = values_of(record)["access"]
        right, day = cells.get("access_right", now["right"]), cells.get("available", now["available"] or "")
        if right not in AccessRight.values:
            raise ValueError(_("“%(value)s” is no access right.") % {"value": right[:100]})
        if day:
            date.fromisoformat(day)
        if right == AccessRight.EMBARGOED and not day:
            raise ValueError(_("Give the day on which the embargo ends."))
        groups = self._keys(read_list(cells["groups"]), self.groups.get) if "groups" in cells else now["groups"]
        available = date.fromisoformat(day).isoformat() if day else None
        return Access(right=right, available=available, groups=sorted(groups), users=now["users"])
