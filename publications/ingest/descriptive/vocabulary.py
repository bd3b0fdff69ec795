"""Words by which front matter is known: headings, labels, institutions, countries, months, in the site's languages."""

import re
from functools import cache

from babel import Locale

LANGUAGES = ("en", "nl", "de", "fr", "es", "it")


def any_of(*words: str) -> str:
    return "|".join(words)


ABSTRACT_WORDS = any_of(
    "abstract",
    "summary",
    "executive summary",
    "management summary",
    "synopsis",
    "samenvatting",
    "management ?samenvatting",
    "publieks ?samenvatting",
    "beknopte samenvatting",
    "korte samenvatting",
    "zusammenfassung",
    "kurzfassung",
    "résumé",
    "resumen",
    "riassunto",
)
KEYWORD_WORDS = any_of(
    r"(?:author |additional )?key ?-?words?(?: ?(?:and|&) ?phrases)?",
    "index terms",
    "subject (?:terms|headings)",
    "mots[- ]cl[ée]s",
    "sch(?:lüssel|lag)w(?:ö|o)rter",
    "trefwoorden",
    "sleutelwoorden",
    "kernwoorden",
    "palabras clave",
)
OPENING_WORDS = any_of(
    "introduction",
    "introduction and .{3,40}",
    "inleiding",
    "einleitung",
    "background",
    "achtergrond",
    "motivation",
    "statement of need",
    "aanleiding",
    "preface",
    "voorwoord",
    "foreword",
    "overview",
    "significance(?: statement)?",
    "highlights",
    "table of contents",
    "contents",
    "inhoud",
    "inhoudsopgave",
    "inhaltsverzeichnis",
    "acknowledge?ments?",
    "references",
    "bibliography",
    "ccs concepts",
    "acm reference format",
    "nomenclature",
    "abbreviations",
    "article history",
    "article info",
)
FIRST_PARTS = any_of("introduction", "background", "context", "rationale", "inleiding", "achtergrond", "aanleiding")
LATER_PARTS = any_of(
    "objectives?",
    "purpose",
    "aims?",
    "aims? and objectives?",
    "design",
    "setting",
    "(?:materials? and )?methods?(?: and materials?)?(?: and findings)?",
    "methodology(?:/principal findings)?",
    "results?",
    "(?:principal )?findings",
    "conclusions?(?:/significance)?",
    "interpretation",
    "significance",
    "discussion",
    "funding",
    "trial registration",
    "doel(?:stelling)?",
    "methode[ns]?",
    "resultaten",
    "conclusies?",
)

NUMBERED = r"(?:(?:\d{1,2}|[IVX]{1,4}|[A-Z])(?:\.\d+)*\s*[.):]?\s+)?"
ABSTRACT_HEADING = re.compile(rf"{NUMBERED}(?:{ABSTRACT_WORDS})\s*[.:—–-]*", re.IGNORECASE)
ABSTRACT_RUN_IN = re.compile(rf"(?:{ABSTRACT_WORDS})\s*(?:[.:—–-]+|\s-)\s*(?=\S)", re.IGNORECASE)
ABSTRACT_LABEL = re.compile(rf"\s*(?:{ABSTRACT_WORDS})\s*[.:—–-]*\s*", re.IGNORECASE)
KEYWORDS = re.compile(rf"\s*(?:{KEYWORD_WORDS})\s*(?:[.:—–-]+\s*|$)", re.IGNORECASE)
KEYWORDS_LABEL = re.compile(rf"\s*(?:{KEYWORD_WORDS})\s*[.:—–-]*\s*", re.IGNORECASE)
OPENING = re.compile(rf"{NUMBERED}(?:{OPENING_WORDS})\s*[.:]?", re.IGNORECASE)
FIRST_SECTION = re.compile(r"1(?:\s*[.):]|\s)\s*[A-Z][\w\- ,:&/]{2,70}|I(?:\s*[.):]|\s)\s*[A-Z][A-Z\- ,:&/]{2,70}")
FIRST_PART = re.compile(rf"(?:{FIRST_PARTS}|{LATER_PARTS})\s*[.:]?", re.IGNORECASE)
LATER_PART = re.compile(rf"(?:{LATER_PARTS})\s*[.:]?", re.IGNORECASE)

# Text written with a blank between its letters, as some journals set headings: "A B S T R A C T".
SPACED_OUT = re.compile(r"(?:[^\W\d_] ){4,}[^\W\d_]")


def unspaced(text: str) -> str:
    """A heading set with blanks between its letters, without them."""
    return SPACED_OUT.sub(lambda match: match.group().replace(" ", ""), text)


INSTITUTION = re.compile(
    r"\b(?i:universi\w*|institu\w*|d[eé]partement\w*|departments?|dept|hospitals?|h[oô]pita\w*|ospedal\w*|"
    r"laborator\w*|labs?|cent(?:er|re|rum|ro)s?|zentrum|school|facult\w+|fakult\w+|coll[eè]ge|"
    r"academ\w*|akademi\w*|research|klinik\w*|klinie\w*|clini[cq]\w*|[ée]cole|hochschule|hogeschool|"
    r"polytech\w*|polit[eé]c\w*|technolog\w*|technical|technische|medical|medicine|medisch|health\w*|"
    r"imperial|ziekenhui\w*|gasthuis|foundation|stichting|group|groep|division|divisie|afdeling|unit|unité|"
    r"inc|gmbh|ltd|limited|llc|corporat\w*|company|fraunhofer|helmholtz|max[- ]planck|minist\w*|agency|bureau|"
    r"council|systems?|sciences?|engineering|radiology|oncology|neurology|cardiology|pathology|surgery|physics|"
    r"mathematics|informatics|computing|computer|software|solutions|consorti\w+|collaborations?|society|association|museum|library|"
    r"bibliothe\w*|gemeente|provincie|programme|initiative|network|innovation|analytics|imaging|intelligence|"
    r"campus)\b"
    r"|\bUMC\w*|\b(?:AG|BV|NV|CNRS|INRIA|Inria|INSERM|Inserm|CEA|MIT|ETHZ?|EPFL|UCL|NIH|NHS|UCLA|UCSF|CWI|TNO|CSIRO|"
    r"IBM|GE|NVIDIA|USA|UK|B\.V|N\.V|S\.A)\b"
)
COMPANY = re.compile(r"(?:inc|ltd|llc|gmbh|b\.?v|n\.?v|corp|plc|co|s\.?a|ag)\.?(?:\s|$)", re.IGNORECASE)
GROUP = re.compile(r"(?:the )?[\w\- ,/&]{3,60} (?:collaborations?|consortium|study group|working group)", re.IGNORECASE)

# What a line near the names may say that is no name.
NO_NAME = re.compile(
    r"\b(?:editors?|edited|equal\w*|contribut\w*|correspond\w*|authors?|abstract|keywords?|proceedings|volume|review\w*|"
    r"full paper|track|member|ieee|e-?mails?|joint\w*|shared|these|received|accepted|published|revised|available|"
    r"online|copyright|licen[cs]e|article|journal|conference|workshop|version|draft|preprint|submitted|report|rapport|thesis|"
    r"chapter|project|doi|issn|isbn|open access|supervis\w*|promotor\w*|presented|session|slides?|repository|archive|"
    r"replication|versie|datum|auteurs?|redacteurs?|redactie|licentie|inhoudsopgave)\b|^the\b",
    re.IGNORECASE,
)

EDITORS = re.compile(
    r"(?:edited by|reviewed by|handling editor|(?:academic |associate |guest )?editors?|reviewers?|redacteurs?|"
    r"redactie|eindredactie|supervis(?:or|ors|ed by)|begeleiders?|promotor(?:en)?|copromotor(?:en)?|opdrachtgever|"
    r"doe mee|contact|met dank aan|former editors?|voormalige? redacteurs?)\s*:?",
    re.IGNORECASE,
)
AUTHORS = re.compile(
    r"(?:authors?|auteurs?|auteur\(s\)|author\(s\)|by|door|written by|geschreven door|opgesteld door|"
    r"presented by|presenters?|speakers?|sprekers?|presentator|presentatie door|von|par|verfasser)\s*:?",
    re.IGNORECASE,
)


@cache
def countries() -> re.Pattern[str]:
    """Names of countries in the site's languages, as a word of their own."""
    names = {"USA", "U.S.A.", "UK", "U.K.", "The Netherlands", "P.R. China", "PR China", "South Korea", "Scotland"}
    names |= {"England", "Wales", "Korea", "Czech Republic", "Russia", "Hong Kong", "Republic of Korea", "Catalonia"}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code.isalpha():
                names.add(name)
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")


@cache
def months() -> dict[str, int]:
    """The number of each month by its name and its abbreviation, in the site's languages, in lower case."""
    found: dict[str, int] = {"sept": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in Locale(language).months[context][width].items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found
