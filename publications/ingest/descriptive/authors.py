"""The authors on a first page: who they are, by which marks their institutions are found, and their addresses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from publications.ingest.descriptive.headings import is_running_text
from publications.ingest.descriptive.layout import Layout, Line, Look, clean
from publications.ingest.descriptive.names import as_name
from publications.ingest.descriptive.vocabulary import AUTHORS, EDITORS, INSTITUTION, countries

MARKS = "∗*†‡§¶♦♣⋆★♯#✉⁎‖"
SEPARATOR = re.compile(r",|;|·|•|\||&|/|\\|  +|\b(?:and|en|und|et)\b(?! al\b)|\t")
BRACKETS_OR_SEPARATOR = re.compile(rf"\([^()]*\)|{SEPARATOR.pattern}")
INLINE_MARKS = re.compile(rf"(?<=[^\W\d_.)])\s?((?:\d{{1,2}}|[{re.escape(MARKS)}])(?:\s?,?\s?(?:\d{{1,2}}|[{re.escape(MARKS)}]))*)(?!\w)")
ADDRESS = re.compile(r"@|\[at\]|\(at\)|https?:|www\.", re.IGNORECASE)
ADDRESS_TOKEN = re.compile(r"\{[^{}]*\}\s?@\s?\S+|\S*(?:@|\[at\]|\(at\))\S*|(?:https?:|www\.)\S*", re.IGNORECASE)
COMPANY = re.compile(r"(?:inc|ltd|llc|gmbh|b\.?v|n\.?v|corp|plc|co|s\.?a|ag)\.?(?:\s|$)", re.IGNORECASE)
MARK_FIRST = re.compile(rf"(?:\d{{1,2}}|[{re.escape(MARKS)}]+|[a-z])\s*(?=[^\W\d_a-z])")
LINES_OF_TEXT = 3
COUNTRY_AT_END = re.compile(r",\s*([^,]+?)\.?$")


@dataclass(frozen=True)
class Piece:
    """A stretch of text between separators, with the marks raised behind it."""

    text: str
    line: Line
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundAuthor:
    """An author as printed."""

    name: str
    line: Line
    marks: tuple[str, ...] = ()
    affiliation: str = ""
    """What stands beside the name in brackets or after a comma."""
    is_group: bool = False


@dataclass
class Byline:
    """The authors and the lines they stand on; `is_labelled` where the page says that they are authors."""

    authors: list[FoundAuthor] = field(default_factory=list)
    is_labelled: bool = False
    is_distinct: bool = False
    """Whether nothing but names looks the way they do."""


def find_byline(lines: Sequence[Line], layout: Layout) -> Byline:
    """The authors among the lines between title and text."""
    lines = [line for line in map(without_addresses, lines) if line is not None]
    labelled = labelled_lines(lines)
    if labelled:
        authors = [author for line in labelled for author in line_authors([line])]
        if authors:
            return Byline(unique(authors), is_labelled=True)
    lines = before_text([line for line in drop_editors(lines) if not layout.is_in_margin(line)])
    look = author_look(lines)
    if look is None:
        return Byline()
    alike = [line for line in lines if line.look.is_like(look) and not ADDRESS.search(line.text)]
    is_distinct = not any(is_address(line) for line in alike)
    bylines = [run for run in join_wrapped(alike) if is_distinct or may_name(run)]
    return Byline(unique(author for run in bylines for author in line_authors(run)), is_distinct=is_distinct)


def without_addresses(line: Line) -> Line | None:
    """The line without its e-mail and web addresses; None where nothing else is on it."""
    whole = "".join(span.text for span in line.spans)
    kept = list(whole)
    for match in ADDRESS_TOKEN.finditer(whole):
        kept[match.start() : match.end()] = "\0" * len(match.group())
    if "\0" not in kept:
        return line
    spans, start = [], 0
    for span in line.spans:
        text = "".join(kept[start : start + len(span.text)]).replace("\0", "")
        start += len(span.text)
        if text.strip(" ,;"):
            spans.append(replace(span, text=text))
    return replace(line, spans=tuple(spans)) if spans else None


def unique(authors: "Iterator[FoundAuthor] | Sequence[FoundAuthor]") -> list[FoundAuthor]:
    return list({author.name.casefold(): author for author in reversed(list(authors))}.values())[::-1]


# --- Labels


def labelled_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines under (or after) a label that says "Authors"."""
    found: list[Line] = []
    label: Line | None = None
    for line in lines:
        text = line.text
        if AUTHORS.fullmatch(text) and text.rstrip().endswith(":"):
            label = line
        elif label is not None and (text.endswith(":") or line.look.is_like(label.look)):
            label = None
        elif label is not None:
            found.append(line)
    return found


def drop_editors(lines: Sequence[Line]) -> list[Line]:
    """The lines without those under a label that names editors, reviewers or supervisors."""
    kept: list[Line] = []
    label: Line | None = None
    for line in lines:
        if EDITORS.fullmatch(line.text):
            label = line
        elif label is not None and line.look.is_like(label.look):
            label = None
        if label is None and not (EDITORS.match(line.text) and ":" in line.text):
            kept.append(line)
    return kept


# --- Which lines


def before_text(lines: Sequence[Line]) -> list[Line]:
    """The lines above the first paragraph of running text."""
    run: list[Line] = []
    for place, line in enumerate(lines):
        run = [*run, line] if is_running_text(line) and not ADDRESS.search(line.text) else []
        if len(run) == LINES_OF_TEXT:
            return list(lines[: place - LINES_OF_TEXT + 1])
    return list(lines)


def author_look(lines: Sequence[Line]) -> Look | None:
    """How the first line of names looks."""
    for line in lines:
        if ADDRESS.search(line.text) or starts_with_mark(line):
            continue
        if GROUP.fullmatch(line.plain):
            return line.look
        pieces = split_pieces([line])
        names = [piece for piece in pieces if as_name(piece.text)]
        if names and (2 * len(names) >= len(pieces) or as_name(pieces[0].text)):
            return line.look
    return None


def starts_with_mark(line: Line) -> bool:
    """Whether a line begins with the mark of an institution: raised, or a figure before a word."""
    first = line.spans[0]
    return len(line.spans) > 1 and (first.is_mark or bool(MARK_FIRST.match(line.text)))


def is_address(line: Line) -> bool:
    """Whether a line names an institution or a place."""
    pieces = split_pieces([line])
    names = sum(bool(as_name(piece.text)) for piece in pieces)
    if any(COMPANY.match(piece.text) for piece in pieces[1:]):
        return True
    if INSTITUTION.search(line.plain):
        return names == 0 or not as_name(pieces[0].text)
    return names == 0 and ends_in_country(line.plain)


def ends_in_country(text: str) -> bool:
    match = COUNTRY_AT_END.search(text)
    return bool(match and countries().fullmatch(match.group(1).strip()))


def may_name(run: Sequence[Line]) -> bool:
    """Whether a run of lines among look-alikes names people: it begins with a name, and with no mark."""
    pieces = split_pieces(run)
    if any(COMPANY.match(piece.text) for piece in pieces[1:]):
        return False
    is_group = bool(GROUP.fullmatch(" ".join(line.plain for line in run)))
    return is_group or (bool(pieces) and bool(as_name(pieces[0].text)) and not starts_with_mark(run[0]))


def join_wrapped(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines put together where a list of names goes on in the next one."""
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
    is_below = 0 < step < 2.2 * line.size if line.page == following.page else following.page == line.page + 1
    if not is_below or not following.overlaps(line.left, line.right):
        return False
    text, next_text = line.plain.rstrip(), following.plain.lstrip()
    if re.search(r"(?:[,;&-]|\b(?:and|en|und|et))$", text) or re.match(r"(?:[,;&]|(?:and|en|und|et)\b)", next_text):
        return True
    if line.spans[-1].is_mark or starts_with_mark(following):
        return False
    pieces, next_pieces = split_pieces([line]), split_pieces([following])
    if len(pieces) < 2 or is_address(line):
        return False
    last = pieces[-1].text
    if not as_name(last) or last.endswith("."):
        return True
    if re.search(rf"\b(?:and|en|und|et|&)\s+{re.escape(last)}$", text):
        return False
    # Where every name but the last has a mark, the last one goes on; else whole names stand on both sides of the break.
    return any(piece.marks for piece in pieces) or not as_name(next_pieces[0].text)


# --- Names


def split_pieces(lines: Sequence[Line]) -> list[Piece]:
    """The pieces between commas, "and", marks and wide gaps, each with the marks behind it."""
    pieces: list[Piece] = []
    is_open = False
    for line, part, is_mark in parts_of(lines):
        if is_mark:
            # A mark may stand behind the comma: "Xiaolu Huang,¹".
            if pieces:
                pieces[-1] = replace(pieces[-1], marks=(*pieces[-1].marks, *mark_tokens(part)))
            is_open = False
            continue
        for place, stretch in enumerate(split_outside_brackets(part)):
            is_open = is_open and place == 0
            if is_open:
                pieces[-1] = replace(pieces[-1], text=pieces[-1].text + stretch)
            elif stretch.strip(" .*"):
                pieces.append(Piece(stretch, line))
                is_open = True
    return [replace(piece, text=clean(piece.text)) for piece in pieces]


def split_outside_brackets(text: str) -> list[str]:
    """The stretches of a text between separators that stand in no brackets."""
    stretches, last = [], 0
    for match in BRACKETS_OR_SEPARATOR.finditer(text):
        if not match.group().startswith("("):
            stretches.append(text[last : match.start()])
            last = match.end()
    return [*stretches, text[last:]]


def parts_of(lines: Sequence[Line]) -> Iterator[tuple[Line, str, bool]]:
    """The lines' texts in order: line, text, and whether the text is a mark."""
    for number, line in enumerate(lines):
        for span in line.spans:
            if span.is_mark:
                yield line, span.text, True
                continue
            last = 0
            for match in INLINE_MARKS.finditer(span.text):
                yield line, span.text[last : match.start()], False
                yield line, match.group(1), True
                last = match.end()
            if span.text[last:]:
                yield line, span.text[last:], False
        if number < len(lines) - 1 and not line.text.endswith("-"):
            yield line, " ", False


def mark_tokens(text: str) -> list[str]:
    """The single marks of a raised text: "1,2∗" has three."""
    return re.findall(rf"\d+|[{re.escape(MARKS)}]|[a-z](?![a-z])", clean(text))


BRACKETED = re.compile(r"\(([^()]{3,})\)")
BORN = re.compile(r"n[ée]e\b|born\b|geb\b", re.IGNORECASE)
GROUP = re.compile(r"(?:the )?[\w\- ,/&]{3,60} (?:collaborations?|consortium|study group|working group)", re.IGNORECASE)


def line_authors(run: Sequence[Line]) -> Iterator[FoundAuthor]:
    """The people named in a run of lines, and the group that speaks for itself."""
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


def affiliation_beside(piece: Piece, run: Sequence[Line]) -> str:
    """What stands in brackets behind a name, or after the comma behind the first name of a line."""
    beside = BRACKETED.search(piece.text)
    if beside and not BORN.match(beside.group(1)):
        return beside.group(1).strip()
    return run[0].plain.partition(",")[2].strip() if run and INSTITUTION.search(run[0].plain) else ""


def inverted_names(run: Sequence[Line], pieces: Sequence[Piece]) -> Iterator[FoundAuthor]:
    """The names of a list that gives every family name first: "Di Cosmo, Roberto and Danelutto, Marco"."""
    text = " ".join(part for _, part, is_mark in parts_of(run) if not is_mark)
    names = [chunk.strip(" ,").split(",") for chunk in re.split(r";|\band\b|&|\ben\b", text) if chunk.strip(" ,")]
    if len(pieces) % 2 or not names or any(len(name) != 2 for name in names) or len(pieces) != 2 * len(names):
        return
    pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
    whole = [as_name(f"{given.text} {family.text}") for family, given in pairs]
    as_printed = sum(bool(as_name(piece.text)) for piece in pieces)
    if all(whole) and 2 * as_printed <= len(pieces):
        for name, (family, given) in zip(whole, pairs, strict=True):
            yield FoundAuthor(name, family.line, given.marks)
