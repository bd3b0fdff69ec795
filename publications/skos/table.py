"""Topics as CSV, for whoever edits them in a spreadsheet: a row each, several values in a cell parted by "|"."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from publications.errors import FormatError
from publications.skos.concepts import Concept, ConceptFile, Fault, Words, one_line

BETWEEN = " | "
LINKS = ("broader", "related", "exact_matches")
WORDS = re.compile(r"(label|synonyms|definition)_([a-z]{2,3}(?:-[a-z0-9]{1,8})*)")
SITE_COLUMNS = tuple(f"{name}_{language}" for name in ("label", "synonyms", "definition") for language in ("en", "nl"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_table(text: str) -> ConceptFile:
    """The concepts of a file, each with its line. Raises FormatError where the columns make no sense."""
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [one_line(name).lower() for name in next(reader, [])]
        columns = _check_header(header)
        concepts: list[Concept] = []
        faults: list[Fault] = []
        line = reader.line_num + 1
        for row in reader:
            place, line = _("line %(number)d") % {"number": line}, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                sizes = {"found": len(row), "wanted": len(header)}
                faults.append(Fault(place, _("has %(found)d cells and not %(wanted)d.") % sizes))
                continue
            concepts.append(_concept(dict(zip(header, row, strict=True)), columns, place))
    except csv.Error as error:
        raise FormatError(str(error), line=reader.line_num) from error
    return ConceptFile(tuple(concepts), tuple(faults), tuple(_notes(header, columns)))


def _check_header(header: list[str]) -> frozenset[str]:
    known = frozenset(name for name in header if name in ("slug", *LINKS) or WORDS.fullmatch(name))
    if not known & {"slug", "label_en", "label_nl"}:
        raise FormatError(_("The first line names no column “slug”, “label_en” or “label_nl”."), line=1)
    if twice := [name for name in known if header.count(name) > 1]:
        raise FormatError(_("The column “%(name)s” is there twice.") % {"name": twice[0]}, line=1)
    return known


def _notes(header: list[str], known: frozenset[str]) -> Iterator[str]:
    if unknown := [name for name in header if name and name not in known]:
        yield _("Columns left out: %(names)s.") % {"names": ", ".join(unknown)}


def _concept(row: dict[str, str], columns: frozenset[str], place: str) -> Concept:
    cells = {name: _as_typed(row.get(name, "").strip()) for name in columns}
    languages = sorted({match[2] for name in columns if (match := WORDS.fullmatch(name))})
    return Concept(
        uri=cells.get("slug", ""),
        place=place,
        words={
            language: Words(
                one_line(cells.get(f"label_{language}", "")),
                _several(cells.get(f"synonyms_{language}", "")),
                cells.get(f"definition_{language}", ""),
            )
            for language in languages
        },
        broader=_several(cells.get("broader", "")),
        related=_several(cells.get("related", "")),
        exact_matches=_several(cells.get("exact_matches", "")),
        said=columns,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(part) for part in re.split(r"[|\n]", cell) if part.strip()))


def write_table(concepts: Iterable[Concept]) -> str:
    """The concepts as CSV; the URI of each is its slug, and so are those of what it leads to."""
    rows = list(concepts)
    others = sorted({language for concept in rows for language in concept.words} - {"en", "nl"})
    more = [f"{name}_{language}" for language in others for name in ("label", "synonyms", "definition")]
    columns = ["slug", *SITE_COLUMNS, *LINKS, *more]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _safe(_cell(concept, name)) for name in columns} for concept in rows)
    return text.getvalue()


def _cell(concept: Concept, column: str) -> str:
    if column == "slug":
        return concept.uri
    if column in LINKS:
        return BETWEEN.join(getattr(concept, column))
    name, _between, language = column.partition("_")
    value = getattr(concept.words.get(language, Words()), name)
    return BETWEEN.join(value) if name == "synonyms" else value


def _safe(value: str) -> str:
    """A text that a spreadsheet shows as it is, where it could be taken for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _as_typed(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value
