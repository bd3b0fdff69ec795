"""Which author is of which institution and has which address: by marks, by what stands below a name, by the name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from publications.ingest.descriptive.authors import FoundAuthor, ends_in_country
from publications.ingest.descriptive.emails import ADDRESS, ADDRESS_TOKEN, find_emails, without_addresses
from publications.ingest.descriptive.headings import is_running_text
from publications.ingest.descriptive.layout import Line, Page, clean, same_size
from publications.ingest.descriptive.pieces import MARKS, mark_tokens
from publications.ingest.descriptive.vocabulary import INSTITUTION
from publications.ingest.text import join_hyphens

LONGEST_AFFILIATION = 300
STEP = 1.7
NO_AFFILIATION = re.compile(
    r"\b(?:equal\w*|contribut\w*|correspond\w*|authors?|supervis\w*|these|present address|email|e-mail|editors?|"
    r"received|accepted|published|copyright|©|licen[cs]e)\b",
    re.IGNORECASE,
)
MARKED = re.compile(rf"\s*(?P<mark>\d{{1,3}}|[{re.escape(MARKS)}]+|[a-z](?=\s+[A-Z]))\s*(?P<rest>[^\W\d_].*)")


@dataclass(frozen=True)
class Affiliated:
    """An author with the institutions found for them and their e-mail address, "" where none was found."""

    author: FoundAuthor
    affiliations: tuple[str, ...] = ()
    email: str = ""


def affiliate(authors: Sequence[FoundAuthor], lines: Sequence[Line], page: Page) -> list[Affiliated]:
    """The authors with their institutions and addresses.

    lines: those between title and text. page: the first page, whose margins and foot may hold institutions too.
    """
    own = {place_of(author.line) for author in authors}
    others = [line for line in lines if place_of(line) not in own]
    by_mark = marked_affiliations(authors, page, others)
    below = {} if by_mark else stacked_affiliations(authors, others)
    emails = find_emails([author.name for author in authors], [author.line for author in authors], page)
    return [
        Affiliated(author, affiliations_of(author, by_mark, below.get(place, "")), emails.get(place, ""))
        for place, author in enumerate(authors)
    ]


def place_of(line: Line) -> tuple[int, float, float]:
    return line.page, line.baseline, line.left


def affiliations_of(author: FoundAuthor, by_mark: Mapping[str, str], below: str) -> tuple[str, ...]:
    if author.affiliation:
        return (author.affiliation,)
    marked = [by_mark[mark] for mark in author.marks if mark in by_mark]
    return tuple(dict.fromkeys(marked)) or ((below,) if below else ())


# --- By marks


def marked_affiliations(authors: Sequence[FoundAuthor], page: Page, others: Sequence[Line]) -> dict[str, str]:
    """What stands behind each mark that authors have, where that is an institution."""
    used = {mark for author in authors for mark in author.marks}
    if not used:
        return {}
    found: dict[str, list[str]] = {}
    last_lines: dict[str, Line] = {}
    for line in [*others, *outside(page, others)]:
        for mark, text in marked_entries(line, used):
            mark = mark or begun_above(line, last_lines)
            if mark:
                found.setdefault(mark, []).append(text)
                last_lines.pop(mark, None)
                last_lines[mark] = line
    whole = {mark: tidy_affiliation(parts) for mark, parts in found.items()}
    return {mark: text for mark, text in whole.items() if text and not NO_AFFILIATION.search(text)}


def outside(page: Page, others: Sequence[Line]) -> list[Line]:
    """The lines of the first page in its margins or at its foot that may name an institution."""
    inside = {id(line) for line in others}
    return [
        line
        for line in page.lines
        if id(line) not in inside and (INSTITUTION.search(line.plain) or ends_in_country(line.plain))
    ]


def begun_above(line: Line, last_lines: dict[str, Line]) -> str:
    """The mark whose affiliation goes on in a line, "" where none does."""
    fitting = [mark for mark, last in last_lines.items() if goes_on(last, line)]
    return max(reversed(fitting), key=lambda mark: last_lines[mark].baseline, default="")


def marked_entries(line: Line, used: set[str]) -> Iterator[tuple[str, str]]:
    """The marks on a line, each with the text up to the next one; "" is the mark of text that has none before it."""
    match = MARKED.fullmatch(line.text)
    if match and match["mark"] in used and len(line.spans) == 1:
        yield match["mark"], match["rest"]
        return
    mark, text = "", ""
    for span in line.spans:
        tokens = mark_tokens(span.text)
        is_alone = span.text.strip().isdigit() and span.look != line.look
        if (span.is_mark or is_alone) and tokens and set(tokens) <= used:
            if text.strip():
                yield mark, clean(text)
            mark, text = tokens[0], ""
        else:
            text += span.text
    if text.strip():
        yield mark, clean(text)


def goes_on(line: Line, following: Line) -> bool:
    """Whether an affiliation goes on in the next line."""
    step = following.baseline - line.baseline
    return (
        line.page == following.page
        and 0 < step < STEP * line.size
        and same_size(line.size, following.size)
        and following.overlaps(line.left, line.right)
        and not ADDRESS.search(following.text)
        and not NO_AFFILIATION.search(following.text)
    )


def tidy_affiliation(parts: Sequence[str]) -> str:
    text = join_hyphens(["\n".join(parts)])[0]
    text = ADDRESS_TOKEN.sub("", re.sub(r"\s+", " ", text))
    text = re.sub(r"(?:;|,)?\s*(?:e-?mails?|correspondence)\s*:?\s*$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+([,.;])", r"\1", text).strip(" ,;.–-—(")
    return text if len(text) > 2 and len(text) <= LONGEST_AFFILIATION else ""


# --- By place


def stacked_affiliations(authors: Sequence[FoundAuthor], others: Sequence[Line]) -> dict[int, str]:
    """What stands below each author, up to the next one in that column; authors above others share what is below."""
    blocks: dict[int, list[Line]] = {}
    ended: set[int] = set()
    for line in others:
        owner, stripped = author_above(line, authors), without_addresses(line)
        if owner is None or stripped is None or owner in ended:
            continue
        if is_institutional(stripped, blocks.get(owner, [])):
            blocks.setdefault(owner, []).append(stripped)
        elif owner in blocks:
            ended.add(owner)
    found = {place: tidy_affiliation(listed(lines)) for place, lines in blocks.items()}
    owners = {place: owner_of(place, authors, found) for place in range(len(authors))}
    return {place: found[owner] for place, owner in owners.items() if owner is not None}


def author_above(line: Line, authors: Sequence[FoundAuthor]) -> int | None:
    """The last author who stands above a line in its column."""
    above = [
        (author.line.page, author.line.baseline, place)
        for place, author in enumerate(authors)
        if (author.line.page, author.line.baseline) < (line.page, line.baseline)
        and line.overlaps(author.line.left, author.line.right)
    ]
    return max(above)[2] if above else None


def listed(lines: Sequence[Line]) -> list[str]:
    """The lines as parts of one affiliation, with commas where one has none."""
    texts = [line.plain for line in lines]
    ends_open = re.compile(r"(?:[,;&-]|\b(?:and|of|for|the|en|van|und|et|de))$")
    return [text if ends_open.search(text) else f"{text}," for text in texts]


def owner_of(place: int, authors: Sequence[FoundAuthor], found: Mapping[int, str]) -> int | None:
    """The author whose affiliation somebody shares: their own, or that of the next one in the column who has one."""
    line = authors[place].line
    for other in range(place, len(authors)):
        if other in found and authors[other].line.overlaps(line.left, line.right):
            return other
    # On one line with others, what is below the last of them holds for all.
    beside = [other for other in found if place_of(authors[other].line)[:2] == place_of(line)[:2]]
    return beside[-1] if beside else None


def is_institutional(line: Line, block: Sequence[Line]) -> bool:
    """Whether a line below a name is of its institution: it names one or a place, or goes on with one."""
    if NO_AFFILIATION.search(line.plain) or is_running_text(line):
        return False
    is_close = not block or line.baseline - block[-1].baseline < 2 * line.size
    if INSTITUTION.search(line.plain) or ends_in_country(line.plain):
        return is_close
    return bool(block) and is_close and block[-1].look.is_like(line.look)
