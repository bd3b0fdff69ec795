"""What a file says of the work in it: title, authors, abstract and the rest, each with its source and how sure it is.

`describe_file` has the first pages read with their typography, in a process of its own; `describe` makes a suggestion
of that. Blank beats wrong: what has nothing to speak for it is left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from publications.ingest.descriptive.abstract import Abstract, find_abstract, find_keywords
from publications.ingest.descriptive.affiliations import Affiliated, affiliate
from publications.ingest.descriptive.authors import Byline, find_byline
from publications.ingest.descriptive.dates import find_issued
from publications.ingest.descriptive.front import Title, find_title, front_lines, plain_words
from publications.ingest.descriptive.layout import Layout, Line, read_pages
from publications.ingest.descriptive.names import read_person
from publications.ingest.descriptive.orcids import find_orcids
from publications.ingest.descriptive.printed_identifiers import (
    find_arxiv,
    find_isbn,
    find_issn,
    find_own_doi,
    valid_doi,
)
from publications.ingest.descriptive.properties import Properties
from publications.ingest.descriptive.publication import Venue, find_venue
from publications.ingest.filetypes import PDF
from publications.ingest.limits import Limits
from publications.ingest.reading import DocumentText
from publications.ingest.sandbox import Message, run_job
from publications.metadata import Affiliation, Agent
from publications.suggestions import SuggestedAuthor, SuggestedMetadata, Suggestion
from publications.vocabularies import SuggestionSource

FIRST_PAGES = (1, 2, 3)
MORE_PAGES = (4, 5, 6, 7, 8)
PAGES_DESCRIBED = MORE_PAGES[-1]
"""What is not on the first so many pages of a file is not looked for."""
CPU_SECONDS = 10
LANDSCAPE = 1.1


def describe_file(
    path: str | Path, text: DocumentText, *, limits: Limits, recognised: Mapping[int, Message] | None = None
) -> SuggestedMetadata:
    """What is suggested for a file whose text was read. Never raises for what is in the file.

    recognised: the pages of a scan, by number, as `scanned.page_layout` tells them.
    """
    work = LAYOUT_WORKS.get(text.kind.extension) if text.kind else None
    if work is None or (work == "layout" and not text.pages):
        return SuggestedMetadata()
    limits = replace(limits, cpu_seconds=min(limits.cpu_seconds, CPU_SECONDS))

    def read(pages: Sequence[int]) -> list[Message]:
        scanned = {number: page for number, page in (recognised or {}).items() if number in pages}
        return [*scanned.values(), *read_layout(work, path, sorted(set(pages) - set(scanned)), limits=limits)]

    told = read(FIRST_PAGES)
    suggested = describe(told, text)
    if suggested.abstract is None and work == "layout" and (text.page_count or 0) > len(MORE_PAGES):
        # A report may have its summary behind its table of contents.
        suggested = describe([*told, *read(MORE_PAGES)], text)
    return suggested


LAYOUT_WORKS = {"pdf": "layout", "pptx": "office_layout", "docx": "office_layout", "odp": "office_layout"} | {
    "odt": "office_layout"
}


def read_layout(work: str, path: str | Path, pages: Sequence[int], *, limits: Limits) -> list[Message]:
    """The messages of the pages that could be read."""
    told: list[Message] = []
    if not pages:
        return told
    run_job(work, {"path": str(Path(path).resolve()), "pages": list(pages)}, limits=limits, on_message=told.append)
    return told


def describe(told: Sequence[Message], text: DocumentText) -> SuggestedMetadata:
    """A suggestion from the first pages with their typography, and from what was read of the whole file."""
    properties = Properties.of(text.info)
    pages = [page for page in read_pages(told) if page.lines]
    language = Suggestion(text.language, SuggestionSource.TEXT.value, 0.9) if text.language != "und" else None
    if not pages:
        return SuggestedMetadata(language=language)
    layout = Layout.of(pages)
    described = Described(layout, properties, text)
    return replace(described.suggestion(), language=language)


class Described:
    """The steps from a layout to a suggestion, which build on each other: what is below the title names authors."""

    def __init__(self, layout: Layout, properties: Properties, text: DocumentText) -> None:
        self.layout = layout
        self.properties = properties
        self.vocabulary = [page.text for page in text.pages]
        self.is_pdf = text.kind == PDF
        self.is_slides = layout.first.width > LANDSCAPE * layout.first.height
        self.source = (SuggestionSource.SLIDE if self.is_slides else SuggestionSource.PAGE).value
        self.title = find_title(layout, info_title=properties.title)
        self.front, _ = front_lines(layout)
        self.below = below_title(self.front, self.title)

    def suggestion(self) -> SuggestedMetadata:
        venue = None if self.is_slides else find_venue(self.layout)
        found = SuggestedMetadata(
            title=self.suggest_title(),
            authors=self.suggest_authors(),
            abstract=self.suggest_abstract(),
            keywords=self.suggest_keywords(),
            issued=self.suggest_issued(venue),
            doi=self.suggest_doi(),
            arxiv=self.said(find_arxiv(self.layout), 0.97),
            isbn=self.said(find_isbn(self.layout), 0.85),
            issn=self.said(find_issn(self.layout), 0.9),
        )
        return self.with_venue(found, venue)

    def said(self, value: str, confidence: float) -> Suggestion[str] | None:
        """A suggestion from the first pages, None for an empty value."""
        return Suggestion(value, self.source, confidence) if value else None

    def of_file(self, value: str, confidence: float) -> Suggestion[str] | None:
        """A suggestion from the file's properties, None for an empty value."""
        return Suggestion(value, SuggestionSource.PROPERTIES.value, confidence) if value else None

    def suggest_doi(self) -> Suggestion[str] | None:
        printed = self.said(find_own_doi(self.layout, self.front), 0.97)
        return printed or self.of_file(valid_doi(self.properties.doi), 0.9)

    def suggest_title(self) -> Suggestion[str] | None:
        title = self.title
        if title is None:
            return None
        said = self.properties.title
        if title.is_confirmed and plain_words(said) == plain_words(title.text):
            # The properties have the title in its own letters, the page perhaps in capitals.
            return Suggestion(said if title.text.isupper() else title.text, self.source, 0.98)
        if title.is_confirmed:
            return Suggestion(title.text, self.source, 0.95)
        return Suggestion(title.text, self.source, 0.9 if title.lead >= 1.15 else 0.75 if title.lead > 1.0 else 0.6)

    def suggest_authors(self) -> Suggestion[tuple[SuggestedAuthor, ...]] | None:
        byline = find_byline(self.below, self.layout)
        if not byline.authors:
            return self.authors_of_properties()
        hints = self.layout.first.text
        orcids = find_orcids(byline.authors, self.layout.first)
        affiliated = affiliate(byline.authors, self.below, self.layout.first)
        authors = tuple(suggested_author(one, orcids.get(place, ""), hints) for place, one in enumerate(affiliated))
        return Suggestion(authors, self.source, confidence_in(byline))

    def authors_of_properties(self) -> Suggestion[tuple[SuggestedAuthor, ...]] | None:
        """The authors that the file's properties name, where the first page shows every one of them."""
        shown = plain_words(self.layout.first.text)
        names = self.properties.authors
        if not names or not all(plain_words(name) in shown for name in names):
            return None
        authors = tuple(SuggestedAuthor(read_person(name)) for name in names)
        return Suggestion(authors, SuggestionSource.PROPERTIES.value, 0.75)

    def suggest_abstract(self) -> Suggestion[str] | None:
        if self.is_slides:
            return None
        found = find_abstract(self.layout, self.below, vocabulary=self.vocabulary)
        return Suggestion(found.text, self.source, confidence_in_abstract(found, self.layout)) if found else None

    def suggest_keywords(self) -> Suggestion[tuple[str, ...]] | None:
        if printed := find_keywords(self.layout, vocabulary=self.vocabulary):
            return Suggestion(printed, self.source, 0.9)
        if self.properties.keywords:
            return Suggestion(self.properties.keywords, SuggestionSource.PROPERTIES.value, 0.7)
        return None

    def suggest_issued(self, venue: Venue | None) -> Suggestion[str] | None:
        date = find_issued(self.layout, self.below or self.front, citation_year=venue.year if venue else "")
        if date:
            return Suggestion(date.issued, self.source, date.confidence)
        if self.properties.issued:
            return self.of_file(self.properties.issued, 0.85)
        # An office file has the date of its template, which may be from years before.
        return self.of_file(self.properties.created[:4], 0.5) if self.is_pdf else None

    def with_venue(self, found: SuggestedMetadata, venue: Venue | None) -> SuggestedMetadata:
        """The suggestion with the journal that the page names, else that of the properties."""
        say = self.said if venue else self.of_file
        venue = venue or self.properties.venue
        if venue is None:
            return found
        return replace(
            found,
            container_title=say(venue.container_title, venue.confidence),
            volume=say(venue.volume, venue.confidence),
            issue=say(venue.issue, venue.confidence),
            page=say(venue.page, venue.confidence),
        )


def below_title(front: Sequence[Line], title: Title | None) -> list[Line]:
    """The lines of the front matter that stand below the title."""
    if title is None or not title.lines:
        return list(front)
    last = title.lines[-1]
    return [line for line in front if (line.page, line.baseline) > (last.page, last.baseline)]


def confidence_in(byline: Byline) -> float:
    if byline.is_labelled:
        return 0.9
    return 0.92 if byline.is_distinct else 0.8


def confidence_in_abstract(found: Abstract, layout: Layout) -> float:
    if not found.is_labelled:
        return 0.75
    return 0.95 if found.lines and found.lines[0].page <= 2 else 0.8


def suggested_author(found: Affiliated, orcid: str, hints: str) -> SuggestedAuthor:
    """A person with family and given name, or the group that signs for itself."""
    affiliations = tuple(Affiliation(name) for name in found.affiliations)
    if found.author.is_group:
        name = re.sub(r"^the ", "", found.author.name, flags=re.IGNORECASE)
        return SuggestedAuthor(Agent(family_name=name, is_organisation=True))
    person = read_person(found.author.name, hints=hints)
    return SuggestedAuthor(replace(person, orcid=orcid, affiliations=affiliations), found.email)
