"""Names of people and organisations as bibliographies write them: "van der Hoeven, Marieke"."""

import re
from collections.abc import Iterator

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from publications.formats import latex
from publications.formats.base import clean
from publications.metadata import Agent

PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "het", "'t", "ten", "ter", "te", "la", "le", "di", "da", "do", "dos", "du"}
)
SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
ORGANISATION = re.compile(
    r"\b(?:universit\w+|instituu?t\w*|hospital|ziekenhui\w+|umc|organi[sz]ati\w+|minist\w+|group|groep|consortium|"
    r"b\.?v\.?|n\.v\.|gmbh|ltd|inc|foundation|stichting|council|raad|cent(?:er|re|rum)|society|vereniging|association|"
    r"committee|commissie|laborator\w+|department|afdeling|faculty|faculteit|team|collaborat\w+|network|netwerk|"
    r"provincie|gemeente|government|company|agency|cluster|hub)(?!\w)",
    re.IGNORECASE,
)
ET_AL = frozenset({"others", "et al", "et al.", "{others}"})


def split_particle(family_name: str) -> tuple[str, str]:
    """The particle and the rest of a family name: ("van der", "Hoeven"). Only lower-case words are particles."""
    words = family_name.split(" ")
    count = 0
    while count < len(words) - 1 and words[count].lstrip("'’")[:1].islower():
        count += 1
    if words[:count] and words[count - 1].endswith(("'", "’", "-")):
        return "", family_name  # "d' Alembert": programs that join the two again would leave out the blank
    return " ".join(words[:count]), " ".join(words[count:])


def split_suffix(family_name: str) -> tuple[str, str]:
    """The family name and what comes after it: ("King", "Jr.")."""
    stem, _, last = family_name.rpartition(" ")
    return (stem, last) if stem and last.lower() in SUFFIXES else (family_name, "")


def with_double_name(family_name: str, given_name: str) -> tuple[str, str]:
    """Family and given name, where a name of two was cut behind its hyphen: "Brouwer-de Wit" is one family name."""
    words = given_name.split()
    for place, word in enumerate(words[1:], start=1):
        first, hyphen, particle = word.rpartition("-")
        if first and hyphen and particle in PARTICLES:
            return " ".join([*words[place:], family_name]), " ".join(words[:place])
    return family_name, given_name


def organisation(name: str, *, role: str = "Creator") -> Agent:
    """An agent that is no person."""
    return Agent(family_name=clean(name), role=role, is_organisation=True)


def person(family_name: str, given_name: str = "", *, role: str = "Creator", suffix: str = "") -> Agent:
    """A person; the suffix ("Jr.") is kept with the family name."""
    family_name, given_name = clean(f"{family_name} {suffix}"), clean(given_name)
    if not family_name:
        return Agent(family_name=given_name, role=role)
    return Agent(family_name=family_name, given_name=given_name, role=role)


def split_outside_braces(text: str, separators: str) -> list[str]:
    """The parts of a text between separators that stand in no braces and behind no backslash."""
    parts, start, depth, escaped = [], 0, 0, False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character in separators and depth <= 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return parts


def in_braces(text: str) -> bool:
    """Whether one pair of braces holds the whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for brace in re.finditer(r"[{}]", text[:-1]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return False
    return True


# BibTeX


def read_bibtex_names(source: str, *, role: str = "Creator") -> Iterator[Agent]:
    """The people and organisations of a BibTeX name list, in order; "and others" is nobody."""
    source = source.strip()
    inner = source[1:-1] if in_braces(source) else ""
    # Some publishers brace the whole list: {{Jansen, J. and Smit, P.}} is two people, {Ministry of A, B and C} is one.
    if inner and len(names := split_multiple_persons_names(inner)) > 1 and all("," in name for name in names):
        source = inner
    for found in split_multiple_persons_names(source):
        name = re.sub(r"^(?:and\s+)+", "", found.strip())  # "A and and B"
        agent = _read_bibtex_name(name, role=role)
        if agent.family_name and name.lower() not in ET_AL:
            yield agent


def _read_bibtex_name(name: str, *, role: str) -> Agent:
    if in_braces(name):
        return organisation(latex.to_text(name), role=role)
    parts = parse_single_name_into_parts(name, strict=False)
    von, last, first, jr = (latex.to_text(" ".join(words)) for words in (parts.von, parts.last, parts.first, parts.jr))
    if "," not in name and not von and first in PARTICLES:
        von, first = (
            first,
            "",
        )  # "van Gogh" alone: BibTeX would make the particle a first name
    return person(*with_double_name(f"{von} {last}".strip(), first), role=role, suffix=jr)


def write_bibtex_names(agents: tuple[Agent, ...]) -> str:
    """A BibTeX name list; organisations stand in braces."""
    return " and ".join(_write_bibtex_name(agent) for agent in agents if clean(agent.name))


def _write_bibtex_name(agent: Agent) -> str:
    family, given = clean(agent.family_name), clean(agent.given_name)
    if agent.is_organisation:
        return "{" + latex.from_text(clean(agent.name)) + "}"
    family, given = (family, given) if family else (given, "")
    if given:
        return f"{_protect_name(family)}, {_protect_name(given)}"
    # A name without a comma is split into first and last name, and "others" means "and others".
    return f"{_protect_name(family)}, {{}}" if " " in family or family.lower() in ET_AL else _protect_name(family)


def _protect_name(name: str) -> str:
    """The part of a name in LaTeX, in braces where a comma or the word "and" would split it."""
    escaped = latex.from_text(name)
    splits = "," in name or re.search(r"(?:^|\s)and(?:\s|$)", name, re.IGNORECASE)
    return "{" + escaped + "}" if splits else escaped


# RIS and CSV, where a name is "Family, Given" or the name of an organisation


def read_name(text: str, *, role: str = "Creator") -> Agent:
    """The person or organisation of one name.

    "Family, Given" is a person, and so is "Given Family" unless it sounds like an organisation; one word, a name in
    braces and several words with a comma at the end are organisations; one word with a comma is a person.
    """
    text = clean(text)
    if in_braces(text):
        return organisation(text[1:-1], role=role)
    family, *rest = (_unbrace(part.strip()) for part in split_outside_braces(text, ","))
    given, suffix, *more = [*rest, "", ""]
    if not rest:
        return _read_plain_name(text, role=role)
    if ORGANISATION.search(family) or any(more):
        return organisation(text.rstrip(", "), role=role)
    if given or " " not in family:
        return person(family, given, role=role, suffix=suffix)
    return organisation(family, role=role)


def _unbrace(text: str) -> str:
    return text[1:-1] if in_braces(text) else text


def _read_plain_name(text: str, *, role: str) -> Agent:
    words = text.split()
    if len(words) == 1 or len(words) > 5 or ORGANISATION.search(text):
        return organisation(text, role=role)
    parts = parse_single_name_into_parts(text, strict=False)
    family, given = " ".join(parts.von + parts.last), " ".join(parts.first)
    if given in PARTICLES:
        return person(f"{given} {family}", role=role)
    return person(*with_double_name(family, given), role=role)


def write_name(agent: Agent) -> str:
    """The name so that `read_name` gives it back: plain where that is enough, else with a comma or braces."""
    family, given = (clean(re.sub(r"[{}\\]", " ", part)) for part in (agent.family_name, agent.given_name))
    if agent.is_organisation:
        family, given = f"{given} {family}".strip(), ""
        forms = [family, f"{family},", "{" + family + "}"]
    elif given:
        forms = [f"{family}, {given}", "{" + family + "}, {" + given + "}"]
    else:
        forms = [f"{family},", "{" + family + "},"]
    for form in forms:
        read = read_name(form)
        if (read.family_name, read.given_name) == (
            family,
            given,
        ) and read.is_organisation == agent.is_organisation:
            return form
    return forms[-1]
