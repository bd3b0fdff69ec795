"""The front matter of a document: its title, and the lines between title and text that name authors and addresses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from publications.ingest.descriptive.headings import abstract_headings, is_keywords, is_opening, stands_out
from publications.ingest.descriptive.layout import Layout, Line, Page, clean, same_size
from publications.ingest.descriptive.names import ALL_PARTICLES, as_name
from publications.ingest.descriptive.pieces import split_pieces
from publications.ingest.descriptive.vocabulary import INSTITUTION
from publications.ingest.text import join_hyphens

MOST_TITLE_LINES = 8
LONGEST_TITLE = 350
FEWEST_LETTERS = 4
SHORTEST_CONFIRMED = 10
SAME_TEXT = 92
LARGE = 1.3
LINE_STEP = 1.75
FRONT_PAGES = 3
AND = frozenset({"and", "en", "und", "et"})


@dataclass(frozen=True)
class Title:
    """A title, the lines it stands on, and how it is known to be one."""

    text: str
    lines: tuple[Line, ...] = ()
    is_confirmed: bool = False
    """Whether the document says it elsewhere too: in its properties or its running headers."""
    lead: float = 1.0
    """How many times as large as the next largest candidate it is set."""


def plain_words(text: str) -> str:
    """A text for comparing: its words in lower case."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


# --- Where the text begins


def front_lines(layout: Layout) -> tuple[list[Line], Line | None]:
    """The lines before abstract and text, and the line that ends them (None where nothing does).

    Where the first page is all front matter, as with hundreds of authors, the next ones go on with it.
    """
    lines: list[Line] = []
    for page in layout.pages[:FRONT_PAGES]:
        end = first_of_text(page, layout, is_first=page is layout.first)
        if end is not None:
            return [*lines, *(line for line in page.lines if is_before(line, end))], end
        lines += page.lines
        if page is layout.first and has_running_text(page, layout):
            return lines, None
    return list(layout.first.lines), None


def is_before(line: Line, end: Line) -> bool:
    return line.baseline < end.baseline - 0.3 * end.size


def first_of_text(page: Page, layout: Layout, *, is_first: bool) -> Line | None:
    """The line that ends the front matter: the abstract's heading, the keywords', or the first section's."""
    ends = [heading.line for heading in abstract_headings(page, layout)]
    ends += [line for line in page.lines if is_keywords(line) or is_opening(line, layout)]
    largest = max((line.size for line in page.lines), default=0.0)
    fitting = [
        line
        for line in ends
        if not layout.is_in_margin(line) and not (is_first and line.size > 0.97 * largest and len(ends) > 1)
    ]
    return min(fitting, key=lambda line: line.baseline, default=None)


def has_running_text(page: Page, layout: Layout) -> bool:
    """Whether a page has a paragraph of running text."""
    full = [
        line
        for line in page.lines
        if same_size(line.look.size, layout.body_size) and line.right - line.left > 0.8 * column_width(layout)
    ]
    return len(full) >= 6


def column_width(layout: Layout) -> float:
    widths = sorted(line.right - line.left for page in layout.pages for line in page.lines if len(line.text) > 40)
    return widths[len(widths) // 2] if widths else layout.right - layout.left


# --- The title

# What stands large on first pages and is no title.
BOILERPLATE = re.compile(
    r"(?:proceedings of|published (?:in|by|online)|volume \d|vol\. ?\d|arxiv:|preprint|under review|submitted|accepted|"
    r"received|doi\b|https?:|www\.|journal of|international journal|research article|"
    r"original (?:article|research|paper)|open access|review article|article\b|issn|©|copyright|licen[sc]e|"
    r"contents lists|available online|letter\b|"
    r"technical report|working paper|case report|short (?:paper|communication)|full paper|conference paper|chapter \d|"
    r"citation|cite this|to cite|page \d|\d+ of \d+|universit(?:y|eit|ät) of|draft\b|confidential|concept\b|"
    r"(?:bachelor|master|phd|doctoral)(?:'s|’s)? (?:thesis|scriptie)|proefschrift|rapport$|report$|handleiding$|"
    r"table of contents|inhoud(?:sopgave)?$|contents$|colofon)",
    re.IGNORECASE,
)


def title_candidates(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Blocks of lines of one size that follow each other closely, one above the other."""
    block: list[Line] = []
    for line in lines:
        if block and not continues_title(block, line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def continues_title(block: Sequence[Line], line: Line) -> bool:
    last = block[-1]
    step = line.baseline - last.baseline
    return (
        line.page == last.page
        and same_size(line.size, last.size)
        and line.look.is_bold == last.look.is_bold
        and (-0.3 * line.size <= step <= LINE_STEP * line.size)
        and line.overlaps(min(one.left for one in block), max(one.right for one in block))
        and len(block) < MOST_TITLE_LINES
    )


def may_be_title(block: Sequence[Line], layout: Layout) -> bool:
    """Whether a block can be a title at all: it is no boilerplate, and a single word only where it is large."""
    text = title_text(block)
    letters = sum(letter.isalpha() for letter in text)
    is_word = " " not in text and block[0].size < LARGE * layout.body_size
    return letters >= FEWEST_LETTERS and len(text) <= LONGEST_TITLE and not is_word and not BOILERPLATE.match(text)


def find_title(layout: Layout, *, info_title: str = "") -> Title | None:
    """The title on the first page: the largest text in its front matter that can be one.

    info_title: what the document's properties say; where the page shows the same, that settles it.
    """
    front, _ = front_lines(layout)
    lines = [line for line in front if line.page == layout.first.number and not layout.is_in_margin(line)]
    lines = lines or [line for line in layout.first.lines if not layout.is_in_margin(line)]
    if shown := lines_saying(plain_words(info_title), lines):
        return Title(title_text(shown), tuple(shown), is_confirmed=True)
    blocks = [block for block in title_candidates(lines) if may_be_title(block, layout)]
    running = running_lines(layout)
    confirmed = [block for block in blocks if is_said(block, running, layout)]
    standing_out = confirmed or [block for block in blocks if stands_out(block[0], layout)]
    if not standing_out:
        return None
    best = max(standing_out, key=lambda block: title_worth(block, layout))
    others = [block[0].size for block in standing_out if block is not best]
    whole = with_subtitle(best, blocks)
    return Title(
        text=title_text(whole),
        lines=tuple(whole),
        is_confirmed=best in confirmed,
        lead=best[0].size / max(others, default=layout.body_size),
    )


def lines_saying(words: str, lines: Sequence[Line]) -> list[Line]:
    """The lines one below the other that come nearest to saying just these words, [] where none do."""
    if len(words) < SHORTEST_CONFIRMED:
        return []
    best: tuple[float, list[Line]] = (SAME_TEXT, [])
    for start in range(len(lines)):
        for end in range(start + 1, min(len(lines), start + MOST_TITLE_LINES) + 1):
            said = plain_words(title_text(lines[start:end]))
            if len(said) > 1.1 * len(words):
                break
            best = max(best, (fuzz.ratio(said, words), list(lines[start:end])), key=lambda found: found[0])
    return best[1]


def with_subtitle(title: list[Line], blocks: Sequence[list[Line]]) -> list[Line]:
    """The title with the smaller lines below it, where it ends in a colon and so goes on there."""
    if not title[-1].plain.endswith((":", "–", "—")):
        return title
    for block in blocks:
        step = block[0].baseline - title[-1].baseline
        if 0 < step < 2 * title[-1].size and block[0].size > 0.7 * title[-1].size:
            return [*title, *block]
    return title


def title_worth(block: Sequence[Line], layout: Layout) -> float:
    """How much a block looks like a title: its size, a little more for bold, much less for a single word."""
    text = " ".join(line.text for line in block)
    words = len(re.findall(r"[^\W\d_]{2,}", text))
    worth = block[0].size * (1.04 if block[0].look.is_bold else 1.0)
    if words < 2:
        worth *= 0.6
    if INSTITUTION.search(text) or reads_as_names(block):
        worth *= 0.85
    if is_running_line(block[0], layout):
        worth *= 0.5
    if block[0].baseline > 0.6 * layout.first.height:
        worth *= 0.7
    return worth


def reads_as_names(block: Sequence[Line]) -> bool:
    """Whether a block may be a list of people: names, and no word in lower case that such a list does not have."""
    words = re.findall(r"[^\W\d_]{2,}", " ".join(line.text for line in block))
    if any(word.islower() and word not in ALL_PARTICLES | AND for word in words):
        return False
    return any(as_name(piece.text) for piece in split_pieces(block))


def is_running_line(line: Line, layout: Layout) -> bool:
    """Whether a line is a running header or footer, not the title that other pages have as theirs."""
    return layout.first.is_at_edge(line) and line.size < 1.1 * layout.body_size


def is_said(block: Sequence[Line], said: Sequence[str], layout: Layout) -> bool:
    """Whether the document says the same text elsewhere, whole or nearly so."""
    words = plain_words(title_text(block))
    if len(words) < SHORTEST_CONFIRMED or as_name(title_text(block)) or is_running_line(block[0], layout):
        return False
    return any(fuzz.ratio(words, text) >= SAME_TEXT for text in said)


def running_lines(layout: Layout) -> list[str]:
    """The lines at the edges of later pages."""
    return [plain_words(line.text) for page in layout.pages[1:] for line in page.lines if page.is_at_edge(line)]


FOOTNOTE_MARKS = "∗*†‡§¶✩☆⋆"


def title_text(block: Sequence[Line]) -> str:
    """The words of a title's lines: hyphens at line ends joined, the mark of a footnote taken off."""
    lines = []
    for line in block:
        kept = [span.text for span in line.spans if not (span.is_mark and span.text.strip(" ,") in FOOTNOTE_MARKS)]
        lines.append("".join(kept))
    last = block[-1].spans[-1]
    if last.is_mark and len(block[-1].spans) > 1 and re.fullmatch(r"[\d,a-z ]{1,5}", last.text.strip()):
        lines[-1] = "".join(span.text for span in block[-1].spans[:-1])
    text = join_hyphens(["\n".join(clean(line) for line in lines)])[0]
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s+([:,;.?!])", r"\1", text).strip(f" {FOOTNOTE_MARKS}")
