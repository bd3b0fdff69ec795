"""Signs of patient data in what was read of a file: pure functions on plain texts.

Nine digits that pass the check of a citizen service number (BSN) prove little: one number in eleven does. So a number
counts by its form and by the words around it, and nothing counts beside words that call it something else: a
telephone, a grant, an ISBN. What is found is quoted with its digits covered; the value itself is never kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from publications.vocabularies import Confidence, SensitiveKind, SensitivePlace

RULES = {
    "bsn_named": gettext_noop("A number that passes the check of a citizen service number (BSN), and is called one."),
    "bsn_bare": gettext_noop("Nine digits that pass the check of a citizen service number (BSN)."),
    "birth_date": gettext_noop("A full date that is called a date of birth."),
    "name_and_date": gettext_noop("A full date beside somebody’s name."),
    "patient_number": gettext_noop("A number that is called a patient number."),
    "image_header": gettext_noop("A line as scanners write it into images, about a patient or a visit."),
    "hidden_text": gettext_noop("Words that nobody sees on the page, but everybody can copy and find."),
}
"""How each kind of finding is recognised, in words for editors."""

COVER = "•"
AROUND = 40
"""Characters of the passage on either side of what was found."""
SHOWN_DIGITS = 2
LEAST_LETTERS = 3


@dataclass(frozen=True)
class Source:
    """A text to look into: of a page (from 1), or of the file as a whole (page None)."""

    text: str
    place: SensitivePlace = SensitivePlace.TEXT
    page: int | None = None


@dataclass(frozen=True)
class Finding:
    """A sign of patient data. `passage` has its digits covered; `value` tells it from others, and is never kept."""

    kind: SensitiveKind
    rule: str
    """A key of RULES."""
    confidence: Confidence
    place: SensitivePlace
    page: int | None
    passage: str
    value: str = field(repr=False)


Sign = tuple[SensitiveKind, str, Confidence, re.Match[str]]
"""Kind, rule, how sure, and where: the group `value` of the match is what was found."""


def find_sensitive(sources: Iterable[Source]) -> list[Finding]:
    """All signs of patient data in these texts, each value of a page once, in the order of the texts."""
    found: dict[tuple[str, int | None, str], Finding] = {}
    for source in sources:
        for finding in find_in(source):
            found.setdefault((finding.kind, finding.page, finding.value), finding)
    return list(found.values())


def find_in(source: Source) -> Iterator[Finding]:
    """The signs of patient data in one text."""
    text = source.text.translate(PLAIN)
    signs = [*find_citizen_numbers(text), *find_birth_dates(text), *find_patient_numbers(text), *find_headers(text)]
    if source.place == SensitivePlace.HIDDEN and (whole := HIDDEN.match(text)):
        signs.append((SensitiveKind.HIDDEN_TEXT, "hidden_text", Confidence.LIKELY, whole))
    for kind, rule, confidence, match in signs:
        yield Finding(kind, rule, confidence, source.place, source.page, quote(text, match), squeeze(match["value"]))


PLAIN = {ord(space): " " for space in "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t"} | {
    ord(hyphen): "-" for hyphen in "\u2010\u2011\u2012\u2013\u2212"
}
"""One kind of space and one of hyphen, each in the place of another, so that places in the text stay true."""
HIDDEN = re.compile(rf"\s*(?P<value>(?:[^\w]*\w){{{LEAST_LETTERS}}}.{{0,120}})", re.DOTALL)


def squeeze(value: str) -> str:
    """What two ways of writing one value share."""
    return re.sub(r"[\W_]+", "", value).casefold()


def quote(text: str, match: re.Match[str]) -> str:
    """What was found among the words around it, on one line, all digits covered but the last of the value."""
    start, end = match.span("value")
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND and " " in before:
        before = "… " + before.partition(" ")[2]
    if end + AROUND < len(text) and " " in after:
        after = after.rpartition(" ")[0] + " …"
    return " ".join(f"{cover(before)}{cover(match['value'], shown=SHOWN_DIGITS)}{cover(after)}".split())


def cover(text: str, *, shown: int = 0) -> str:
    """The text with its digits covered, but for the last `shown` of them."""
    places = [place for place, character in enumerate(text) if character.isdigit()]
    covered = set(places[: len(places) - shown])
    return "".join(COVER if place in covered else character for place, character in enumerate(text))


# --- Citizen service numbers --------------------------------------------------------------------------------------

BSN_NAME = re.compile(
    r"\bBSN(?:-?n(?:umme)?r)?\b|burger\s?service\s?-?n(?:ummer|r)|\bsofi-?\s?n(?:ummer|r)|citizen service n(?:umber|o)",
    re.IGNORECASE,
)
NAMED_NUMBER = re.compile(rf"(?:{BSN_NAME.pattern})\D{{0,40}}?(?P<value>\d(?:[ .-]?\d){{7,8}})(?!\d)", re.IGNORECASE)
CLEAR = r"(?<![\w/+.,@#-])"
"""Nothing stands before a number that would make it part of a longer one, of a code or of an address."""
CLEAR_AFTER = r"(?![\w/@-]|[.,:]\d)"
BARE_NUMBER = re.compile(rf"{CLEAR}(?P<value>\d{{9}}|\d{{4}}\.\d{{2}}\.\d{{3}}){CLEAR_AFTER}")
ANY_NUMBER = re.compile(
    rf"{CLEAR}(?P<value>\d{{8,9}}|\d{{4}}([ .-])\d\d\2\d{{3}}|\d{{3}}([ .-])\d{{3}}\3\d{{3}}"
    rf"|\d\d([ .-])\d{{3}}\4\d{{3}}){CLEAR_AFTER}(?![ -]\d)"
)
OF_SOMEBODY = re.compile(
    r"pati[eë]nt|cli[eë]nt\b|\bgeb(?:oren|\.)|geboortedatum|\bDOB\b|date of birth|\bdhr\b|\bmevr|de heer|verzekerde",
    re.IGNORECASE,
)
SOMETHING_ELSE = re.compile(
    r"""\btel\b|telef|phone|\bfax|mobiel|\bmobile|\bgsm\b|\+\d{1,3}[ ()\d]*$|\b00\d\d[ ()\d]*$|\bdoi|\bissn|\bisbn|arxiv
    |\bpm(?:c?id)\b|pubmed|\bnct|\biban\b|\bkvk|\bbtw\b|\bvat\b|\bgrants?\b|projec?k?t|subsid|contract|award|agreement
    |fund(?:ed|ing)|\bdfg\b|\bnwo\b|\bnih\b|zonmw|orcid|rekening|\bpatent|https?:|www\.|\bseed|euro|[€$£]\s*$|\bEUR\b
    |\bISRCTN|\bversion|\bzenodo|\bpress release|\border\b|dossiernr|\bKamerstuk|\bregistration|\blicen[cs]e""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands before a number that is no BSN."""
LOOK_BACK = 80
LEAST_BSN = 10_000_000


def is_citizen_number(digits: str) -> bool:
    """Whether digits pass the check of a BSN: weights 9 to 2, the last digit counts -1, the sum divides by 11."""
    number = digits.zfill(9)
    if len(number) != 9 or int(number) < LEAST_BSN or len(set(number)) == 1:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11 == 0


def find_citizen_numbers(text: str) -> Iterator[Sign]:
    """Numbers that are called a BSN, in any form; others in the form of one, beside nothing that calls them else.

    Where a page speaks of a BSN or of patients, more forms count: eight digits, groups of three.
    """
    kind = SensitiveKind.CITIZEN_NUMBER
    for match in NAMED_NUMBER.finditer(text):
        if is_citizen_number(squeeze(match["value"])):
            yield kind, "bsn_named", Confidence.SURE, match
    is_named = bool(BSN_NAME.search(text))
    for match in (ANY_NUMBER if is_named else BARE_NUMBER).finditer(text):
        if is_citizen_number(squeeze(match["value"])) and not _is_something_else(text, match):
            is_somebodys = bool(OF_SOMEBODY.search(text, max(0, match.start() - LOOK_BACK), match.end() + LOOK_BACK))
            yield kind, "bsn_bare", Confidence.LIKELY if is_somebodys or is_named else Confidence.DOUBTFUL, match


def _is_something_else(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - LOOK_BACK) : match.start()]
    # What somebody is called by comes last: "Tel. 020 123 45 67, patiënt J. Smit, 123456782".
    nearest = max((found.end() for found in OF_SOMEBODY.finditer(before)), default=0)
    return bool(SOMETHING_ELSE.search(before, nearest))


# --- Dates of birth, names ----------------------------------------------------------------------------------------

MONTHS = (
    r"(?:jan(?:uary|uari)?|feb(?:ruary|ruari)?|mar(?:ch)?|maart|mrt|apr(?:il)?|may|mei|june?|juni|july?|juli|aug(?:ust|ustus)?"
    r"|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:18[89]\d|19\d\d|20[0-3]\d)"
NUMERIC_DATE = (
    rf"(?:{DAY}([-/.]|\s?-\s?){DAY}(?:[-/.]|\s?-\s?){YEAR}|{YEAR}[-/.]{DAY}[-/.]{DAY}|{DAY}[-/ ]{MONTHS}[-/ ]{YEAR})"
)
SPELT_DATE = rf"(?:{DAY}(?:st|nd|rd|th|e)?\s+(?:of\s+)?{MONTHS},?\s+{YEAR}|{MONTHS}\s+{DAY}(?:st|nd|rd|th)?,?\s+{YEAR})"
SHORT_DATE = rf"(?:{DAY}[-/.]{DAY}[-/.]\d\d|{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|{DAY}\s{DAY}\s{YEAR})"
NOT_PART = r"(?![\w/]|-\d|\.\d)"

ANY_DATE = re.compile(rf"(?<![\w.])(?P<value>{SPELT_DATE}|{NUMERIC_DATE}|{SHORT_DATE}){NOT_PART}", re.IGNORECASE)

BIRTH = re.compile(
    r"(?:\bgeboren\b|\bgeb\b\.?|\bgeb(?:oorte|\.)?\s?-?\s?dat(?:um|\.)?|\bD\.?O\.?B\b\.?"
    r"|birth\s?date|date of birth|\bborn\b)"
    r"(?P<gap>(?:(?!\.\s)\D){0,60})$",
    re.IGNORECASE,
)
"""What stands before a date of birth, in the same sentence."""
SPAN = re.compile(
    r"between|from|after|before|since|until|during|period|tussen|vanaf|\b(?:na|voor|van|tot)\b|sinds", re.IGNORECASE
)
"""A cohort that was born in some span of time is nobody."""
PERSON = r"(?:[Pp]ati[eë]nte?|[Cc]li[eë]nte?|[Nn]aam|[Nn]ame|[Dd]hr|[Mm]evr|[Mm]w|[Dd]e heer|[Mm]evrouw|Mrs?|Ms)"
NAME_PART = r"(?:[A-Z][\w'’-]+|[A-Z]\.|van|de|der|den|ten|ter|het|'t|von|la|el|al|di|da|bin)"
OF_PERSON = re.compile(
    rf"\b{PERSON}[.:, ]{{1,3}}(?:{PERSON}[.: ]{{1,2}})?{NAME_PART}(?:[ ,]{{0,2}}{NAME_PART}){{0,6}}"
    r"[^\w\n]{1,6}(?:[mMvVfF]\b[^\w\n]{1,4})?$"
)
TWO_NAMES = re.compile(
    rf"(?:[A-Z][a-zà-ÿ'’-]+|[A-Z]\.)(?:[ ]?{NAME_PART}){{0,4}}[ ]?[A-Z][a-zà-ÿ'’-]+[ ,;:(*|]{{1,4}}$"
)
EARLY_DATE = re.compile(rf"{DAY}[-/.]{DAY}[-/.](?:19\d\d|200[0-4])")
"""In figures, and too early to be the date of the document beside its author's name."""


def find_birth_dates(text: str) -> Iterator[Sign]:
    """Dates that are called somebody's birth, and dates beside somebody's name."""
    kind = SensitiveKind.BIRTH_DATE
    for match in ANY_DATE.finditer(text):
        before = text[max(0, match.start() - LOOK_BACK) : match.start()]
        birth = BIRTH.search(before)
        if birth and not SPAN.search(birth["gap"]):
            yield kind, "birth_date", Confidence.SURE, match
        elif OF_PERSON.search(before):
            yield kind, "name_and_date", Confidence.LIKELY, match
        elif EARLY_DATE.fullmatch(match["value"]) and TWO_NAMES.search(before):
            yield kind, "name_and_date", Confidence.DOUBTFUL, match


# --- Patient numbers, and what scanners write into images ---------------------------------------------------------

NUMBER_NAMES = (
    r"(?i:pati[eë]nt(?:en)?\s?-?\s?(?:nummer|nr)|pat\.?\s?-?nr|patient(?:'s|’s)?\s?(?:number|nr|no\.|id\b|identifier)"
    r"|medical record (?:number|no\b)|hospital (?:number|no\b)|(?:ZIS|EPD|HIS)\s?-?\s?(?:nummer|nr|number|id)"
    r"|NHS (?:number|no\b)|opname\s?-?nummer|polis\s?-?nummer|verzekerden?\s?-?nummer)"
    r"|\b(?:MRN|PID)\b"
)
PATIENT_NUMBER = re.compile(
    rf"(?:{NUMBER_NAMES})[.]?\s{{0,2}}(?:[:=#(]|is|was|nr\.?|no\.?)?\s{{0,2}}"
    rf"(?P<value>[A-Z]{{0,3}}[- ]?\d(?:[ .-]?\d){{3,11}})(?!\w)"
)
NO_NAME = r"(?!\W*(?i:anonym|anoniem|pseudo|geanonim|unknown|onbekend|x{2,}|test\b|n/?a\b|none|removed|redacted|empty))"
HEADERS = (
    re.compile(
        rf"(?:Patient(?:'s|’s)?\s?Name|PATIENT(?:'S)?\s?NAME|Patiënt\s?naam|Patiëntnaam)\s{{0,2}}"
        rf"(?:[:=]\s{{0,2}}{NO_NAME}(?P<value>[A-Z][\w'’^,. -]{{2,40}}))"
    ),
    re.compile(r"\b(?:Accession|ACCESSION)\s?(?:Number|NUMBER|No\.?|#)\s{0,2}[:=]?\s{0,2}(?P<value>\d{5,16})(?!\w)"),
    re.compile(
        rf"\b(?:(?:Study|Series|Acquisition|Content)Date\s{{0,2}}[:=]?|(?:Study|STUDY)\s?(?:Date|DATE)\s{{0,2}}[:=])\s{{0,2}}"
        rf"(?P<value>{NUMERIC_DATE}|{SHORT_DATE}){NOT_PART}"
    ),
    re.compile(rf"\(0010,\s?00[0-4]0\)[^\n\[]{{0,30}}\[{NO_NAME}(?P<value>[^\]\n]{{3,64}})\]"),
    re.compile(rf"(?<![\w^]){NO_NAME}(?P<value>[A-Z][A-Za-z'-]{{2,}}\^[A-Z][A-Za-z'-]{{2,}}(?:\^[\w.]*)*)"),
)


def find_patient_numbers(text: str) -> Iterator[Sign]:
    """Numbers of four digits and more that are called a patient's."""
    for match in PATIENT_NUMBER.finditer(text):
        yield SensitiveKind.PATIENT_NUMBER, "patient_number", Confidence.SURE, match


def find_headers(text: str) -> Iterator[Sign]:
    """What a DICOM header or the overlay of a scan says of a patient or a visit."""
    for header in HEADERS:
        for match in header.finditer(text):
            yield SensitiveKind.IMAGE_HEADER, "image_header", Confidence.LIKELY, match
