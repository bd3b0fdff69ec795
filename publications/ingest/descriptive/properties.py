"""What a file's properties say, as far as it can be believed: many were left by a template or another program."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publications.ingest.descriptive.dates import find_date
from publications.ingest.descriptive.names import as_name
from publications.ingest.descriptive.publication import Venue, is_serial_name, read_citation

SHORTEST_TITLE = 5
MOST_KEYWORDS = 20
LONGEST_KEYWORD = 70
NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|untitled.*|document\d*|slide \d.*|powerpoint.*|presentati(?:on|e)\d*|title|"
    r"print|paper|manuscript|template.*|titel|.*\.(?:docx?|pptx?|tex|dvi|pdf|indd|odt|odp|qxd|ps)|"
    r"no job name|layout \d+.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Properties:
    """Properties of a file that may be of the work in it; "" and () for what it does not say."""

    title: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    doi: str = ""
    issued: str = ""
    created: str = ""
    venue: Venue | None = None

    @classmethod
    def of(cls, info: Mapping[str, str]) -> "Properties":
        """From what the reading process found in XMP and in the document's information."""
        subject = info.get("subject", "")
        return cls(
            title=believable_title(info.get("xmp_title", "")) or believable_title(info.get("title", "")),
            authors=names_in(info.get("xmp_creators", "")) or names_in(info.get("author", "")),
            keywords=keywords_in(info.get("xmp_subjects", "") or info.get("keywords", "")),
            doi=info.get("doi", "") or doi_part(subject),
            issued=find_date(info.get("xmp_issued", "")),
            created=find_date(re.sub(r"^D:(\d{4}).*$", r"\1", info.get("created", ""))),
            venue=venue_of(info),
        )


def believable_title(text: str) -> str:
    title = re.sub(r"\s+", " ", text).strip()
    return "" if len(title) < SHORTEST_TITLE or NO_TITLE.fullmatch(title) else title


def names_in(text: str) -> tuple[str, ...]:
    """The names of people in a list; "Jansen, Piet; Smit, An" has the family names first."""
    if "\n" in text or ";" in text:
        parts = [part.strip() for part in re.split(r"[\n;]", text)]
    else:
        parts = [part.strip() for part in re.split(r",| and | en |&", text)]
    turned = [" ".join(reversed([word.strip() for word in part.split(",", 1)])) for part in parts if part]
    names = [as_name(name) for name in turned]
    return tuple(names) if names and all(names) else ()


def keywords_in(text: str) -> tuple[str, ...]:
    parts = [part.strip(" .\"'") for part in re.split(r"[;,\n]", text)]
    found = tuple(dict.fromkeys(part for part in parts if 2 < len(part) <= LONGEST_KEYWORD))
    return found if len(found) <= MOST_KEYWORDS else ()


def doi_part(subject: str) -> str:
    return subject if re.search(r"\bdoi\b", subject, re.IGNORECASE) else ""


def venue_of(info: Mapping[str, str]) -> Venue | None:
    """The journal that XMP names, else the one that publishers cite in the subject."""
    if name := info.get("xmp_container_title", ""):
        page = info.get("xmp_page", "").replace("–", "-")
        return Venue(name, info.get("xmp_volume", ""), info.get("xmp_issue", ""), page, confidence=0.9)
    cited = read_citation(info.get("subject", ""))
    return cited if cited and is_serial_name(cited.container_title) else None
