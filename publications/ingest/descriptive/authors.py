"""The authors on a first page. They are known by a label, or by how their names are set: alike, and unlike the rest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from publications.ingest.descriptive.emails import without_addresses
from publications.ingest.descriptive.headings import is_running_text
from publications.ingest.descriptive.layout import Layout, Line, Look
from publications.ingest.descriptive.names import as_name, is_name_word
from publications.ingest.descriptive.pieces import AND, Piece, parts_of, split_pieces, starts_with_mark
from publications.ingest.descriptive.vocabulary import AUTHORS, COMPANY, EDITORS, GROUP, INSTITUTION, countries

LINES_OF_TEXT = 3
STEP = 2.2
COUNTRY_AT_END = re.compile(r",\s*([^,]+?)\.?$")
INLINE_LABEL = re.compile(rf"(?:{AUTHORS.pattern})(?<=:)\s*(?=\S)", re.IGNORECASE)
GOES_ON_AFTER = re.compile(rf"(?:[,;&-]|{AND})$")
GOES_ON_BEFORE = re.compile(rf"(?:[,;&]|{AND})")
BRACKETED = re.compile(r"\(([^()]{3,})\)")
BORN = re.compile(r"n[ée]e\b|born\b|geb\b", re.IGNORECASE)


@dataclass(frozen=True)
class FoundAuthor:
    """An author as printed, with the line and the marks behind the name."""

    name: str
    line: Line
    marks: tuple[str, ...] = ()
    affiliation: str = ""
    """What stands beside the name in brackets or after a comma."""
    is_group: bool = False


@dataclass(frozen=True)
class Byline:
    """The authors. `is_labelled`: the page says that they are; `is_distinct`: nothing but names is set as they are."""

    authors: tuple[FoundAuthor, ...] = ()
    is_labelled: bool = False
    is_distinct: bool = False


def find_byline(lines: Sequence[Line], layout: Layout) -> Byline:
    """The authors among the lines between title and text."""
    lines = [line for line in map(without_addresses, lines) if line is not None]
    if labelled := unique(author for line in labelled_lines(lines) for author in authors_of([line])):
        return Byline(labelled, is_labelled=True)
    lines = before_text([line for line in drop_editors(lines) if not layout.is_in_margin(line)])
    look = look_of_names(lines)
    if look is None:
        return Byline()
    alike = [line for line in lines if line.look.is_like(look)]
    is_distinct = not any(is_address(line) for line in alike)
    runs = [run for run in join_wrapped(alike) if is_distinct or names_people(run)]
    authors = unique(author for run in runs for author in authors_of(run, is_distinct=is_distinct))
    return Byline(authors, is_distinct=is_distinct)


def unique(authors: Iterable[FoundAuthor]) -> tuple[FoundAuthor, ...]:
    first: dict[str, FoundAuthor] = {}
    for author in authors:
        first.setdefault(author.name.casefold(), author)
    return tuple(first.values())


# --- Labels


def labelled_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines behind or below a label that says "Authors:"."""
    label: Line | None = None
    for line in lines:
        if match := INLINE_LABEL.match(line.text):
            yield without_start(line, match.end())
        elif AUTHORS.fullmatch(line.text) and line.text.endswith(":"):
            label = line
        elif label is not None and (line.text.endswith(":") or line.look.is_like(label.look)):
            label = None
        elif label is not None:
            yield line


def without_start(line: Line, length: int) -> Line:
    """The line without its first letters."""
    spans = []
    for span in line.spans:
        spans.append(replace(span, text=span.text[length:]))
        length = max(0, length - len(span.text))
    return replace(line, spans=tuple(span for span in spans if span.text))


def drop_editors(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without those behind or below a label that names editors, reviewers or supervisors."""
    label: Line | None = None
    for line in lines:
        if EDITORS.fullmatch(line.text):
            label = line
        elif label is not None and line.look.is_like(label.look):
            label = None
        if label is None and not (EDITORS.match(line.text) and ":" in line.text):
            yield line


# --- Which lines


def before_text(lines: Sequence[Line]) -> list[Line]:
    """The lines above the first paragraph of running text."""
    run = 0
    for place, line in enumerate(lines):
        run = run + 1 if is_running_text(line) else 0
        if run == LINES_OF_TEXT:
            return list(lines[: place - LINES_OF_TEXT + 1])
    return list(lines)


def look_of_names(lines: Sequence[Line]) -> Look | None:
    """How the first line of names looks."""
    for line in lines:
        if starts_with_mark(line):
            continue
        if GROUP.fullmatch(line.plain):
            return line.look
        pieces = split_pieces([line])
        names = [piece for piece in pieces if as_name(piece.text)]
        if names and (2 * len(names) >= len(pieces) or as_name(pieces[0].text)):
            return line.look
    return None


def is_address(line: Line) -> bool:
    """Whether a line names an institution or a place."""
    pieces = split_pieces([line])
    if names_company(pieces):
        return True
    if INSTITUTION.search(line.plain):
        return not as_name(pieces[0].text)
    return ends_in_country(line.plain) and not any(as_name(piece.text) for piece in pieces)


def names_company(pieces: Sequence[Piece]) -> bool:
    """Whether a name is that of a company: "Abridge AI, Inc."."""
    return any(COMPANY.match(piece.text) for piece in pieces[1:])


def ends_in_country(text: str) -> bool:
    """Whether a text ends in a comma and the name of a country."""
    match = COUNTRY_AT_END.search(text)
    return bool(match and countries().fullmatch(match.group(1).strip()))


def names_people(run: Sequence[Line]) -> bool:
    """Whether a run of lines among look-alikes names people: it begins with a name, and with no mark."""
    if GROUP.fullmatch(" ".join(line.plain for line in run)):
        return True
    pieces = split_pieces(run)
    return bool(pieces) and bool(as_name(pieces[0].text)) and not names_company(pieces) and not starts_with_mark(run[0])


def join_wrapped(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs: a list of names that goes on in the next line is one."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and wraps(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def wraps(line: Line, following: Line) -> bool:
    """Whether a list of names goes on from one line to the next."""
    step = following.baseline - line.baseline
    is_below = 0 < step < STEP * line.size if line.page == following.page else following.page == line.page + 1
    if not is_below or not following.overlaps(line.left, line.right):
        return False
    text = line.plain.rstrip()
    if GOES_ON_AFTER.search(text) or GOES_ON_BEFORE.match(following.plain):
        return True
    pieces, next_pieces = split_pieces([line]), split_pieces([following])
    if line.spans[-1].is_mark or starts_with_mark(following) or len(pieces) < 2 or is_address(line):
        return False
    last = pieces[-1].text
    if not as_name(last) or last.endswith("."):
        return True
    if re.search(rf"(?:{AND}|&)\s+{re.escape(last)}$", text):
        return False
    # Where every name but the last has a mark, the last one goes on; else a whole name on either side is two people.
    return any(piece.marks for piece in pieces) or not as_name(next_pieces[0].text)


# --- Names


def authors_of(run: Sequence[Line], *, is_distinct: bool = False) -> Iterator[FoundAuthor]:
    """The people named in a run of lines, or the group that signs for itself.

    is_distinct: nothing but names is set like this, so that a single word with a mark is one too.
    """
    whole = " ".join(line.plain for line in run)
    if GROUP.fullmatch(whole):
        yield FoundAuthor(whole, run[0], is_group=True)
        return
    pieces = split_pieces(run)
    if inverted := list(inverted_names(run, pieces)):
        yield from inverted
        return
    for place, piece in enumerate(pieces):
        if name := as_name(piece.text):
            yield FoundAuthor(name, piece.line, piece.marks, affiliation_beside(piece, run if place == 0 else ()))
        elif GROUP.fullmatch(piece.text):
            yield FoundAuthor(piece.text, piece.line, piece.marks, is_group=True)
        elif is_distinct and len(pieces) == 1 and piece.marks and len(piece.text) > 2 and is_name_word(piece.text):
            yield FoundAuthor(piece.text, piece.line, piece.marks)


def affiliation_beside(piece: Piece, run: Sequence[Line]) -> str:
    """What stands in brackets behind a name, or after the comma behind the first name of a line."""
    beside = BRACKETED.search(piece.text)
    if beside and not BORN.match(beside.group(1)):
        return beside.group(1).strip()
    return run[0].plain.partition(",")[2].strip() if run and INSTITUTION.search(run[0].plain) else ""


def inverted_names(run: Sequence[Line], pieces: Sequence[Piece]) -> Iterator[FoundAuthor]:
    """The names of a list that gives every family name first: "Di Cosmo, Roberto and Danelutto, Marco"."""
    text = " ".join(part for _, part, is_mark in parts_of(run) if not is_mark)
    names = [name.strip(" ,").split(",") for name in re.split(rf";|&|{AND}", text) if name.strip(" ,")]
    if any(len(name) != 2 for name in names) or len(pieces) != 2 * len(names):
        return
    pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
    whole = [as_name(f"{given.text} {family.text}") for family, given in pairs]
    as_printed = sum(bool(as_name(piece.text)) for piece in pieces)
    if all(whole) and 2 * as_printed <= len(pieces):
        for name, (family, given) in zip(whole, pairs, strict=True):
            yield FoundAuthor(name, family.line, given.marks)
