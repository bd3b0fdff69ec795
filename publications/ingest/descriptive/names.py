"""Is this a person's name, and what in it is the family name?"""

import re

from publications.formats.names import PARTICLES, read_name
from publications.ingest.descriptive.vocabulary import INSTITUTION, NO_NAME, countries
from publications.metadata import Agent

MORE_PARTICLES = frozenset(
    {"del", "della", "delle", "dei", "degli", "dal", "das", "des", "el", "al", "bin", "ibn", "ben", "bint", "zu", "zum"}
    | {"zur", "af", "av", "y", "e", "i", "op", "'s", "’s", "’t", "in", "san", "st.", "vom", "vander", "vande", "lo"}
)
ALL_PARTICLES = PARTICLES | MORE_PARTICLES
LONGEST_NAME = 60
MOST_WORDS = 7
INITIALS = re.compile(r"(?:[^\W\d_]\.[- ]?)+[^\W\d_]?\.?|[^\W\d_]|(?:[^\W\d_]{1,2}\.-?)+")
WORD = re.compile(r"(?:[dDlL]['’])?[^\W\d_]+(?:[-‐'’´.][^\W\d_]+)*[.]?")
TITLES_BEFORE = re.compile(
    r"^(?:(?:prof|dr|drs|ir|ing|mr|mrs|ms|em|univ|dipl|med|rer|nat|h\.?c)\.?(?:[- ]|\.)+)+(?=\S)", re.IGNORECASE
)
BY = re.compile(r"^(?:presented |written )?(?:by|door) (?=[^\W\d_])", re.IGNORECASE)
DATED = re.compile(r" (?:on|op) [^\W\d_]+ ?\d*$")
# In capitals as degrees are: "Ma" and "Ba" are family names.
DEGREE = re.compile(
    r"(?:Ph\.?\s?D|M\.?\s?D|D\.?\s?Phil|M\.?\s?Sc|B\.?\s?Sc|M\.?\s?Eng|B\.?\s?Eng|Sc\.?\s?D|Pharm\.?\s?D|MPH|MBA|FRC[RP]|"
    r"MBBS|MBChB|RN|DVM|DDS|FACR|FAHA|FACC|B\.?A|M\.?A|B\.?S|M\.?S|Dipl\.?-Ing)\.?"
)


def as_name(text: str) -> str:
    """The text as a person's name, "" where it is none: without titles, degrees and what stands in brackets."""
    born = re.search(r"\(n[ée]e [^()]+\)", text)
    name = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)
    name = re.sub(r"\s+", " ", name).strip(' ,;:*·•∗†‡§¶|-–—_^"“”.')
    if re.search(r"\b[^\W\d_a-z]$", name) and text.rstrip(" ,;").endswith("."):
        name += "."  # the point of an initial
    name = DATED.sub("", TITLES_BEFORE.sub("", BY.sub("", name)))
    words = name.split(" ")
    while len(words) > 2 and DEGREE.fullmatch(words[-1]) and not name.isupper():
        words.pop()
    name = " ".join(words).rstrip(",")
    if not is_name(name):
        return ""
    return f"{name} {born.group()}" if born else name


def is_name(text: str) -> bool:
    """Whether a text can be the whole name of one person: two words or more that begin with capitals."""
    words = text.split(" ")
    if not 2 <= len(words) <= MOST_WORDS or len(text) > LONGEST_NAME:
        return False
    if INSTITUTION.search(text) or NO_NAME.search(text) or countries().fullmatch(text):
        return False
    proper = [word for word in words if word.casefold() not in ALL_PARTICLES or word[0].isupper()]
    if len(proper) < 2 or not all(map(is_name_word, proper)):
        return False
    # Somebody has a word that is more than an initial, and it is no particle.
    return any(len(word.strip(".")) > 1 and not INITIALS.fullmatch(word) for word in proper)


def is_name_word(word: str) -> bool:
    """Whether a word can be part of a name: an initial, or a word that begins with a capital."""
    if INITIALS.fullmatch(word):
        return word[0].isupper()
    if not WORD.fullmatch(word):
        return False
    letters = [letter for letter in word if letter.isalpha()]
    # "d'Alembert", "al-Rashid", "McGuinness"; scripts without capitals have none to show.
    return any(letter.isupper() for letter in letters) or not any(letter.islower() for letter in letters)


def read_person(name: str, *, hints: str = "") -> Agent:
    """Family and given name of a person.

    hints: other text of the document; "I. Ben Ayed" there says that the family name is "Ben Ayed".
    """
    name, born, rest = name.partition(" (")
    name = settle_case(name)
    family = find_family_name(name, hints)
    if family:
        return Agent(family_name=family + born + rest, given_name=name[: -len(family)].strip())
    agent = read_name(name)
    return Agent(family_name=agent.family_name + born + rest, given_name=agent.given_name)


def settle_case(name: str) -> str:
    """A name in capitals in the usual case; one with only the family name in capitals with that name last."""
    words = name.split(" ")
    shouted = [len(word.strip(".")) > 2 and word.isupper() and not INITIALS.fullmatch(word) for word in words]
    if not any(shouted):
        return name
    settled = [capitalise(word) if loud else word for word, loud in zip(words, shouted, strict=True)]
    if all(loud or len(word) <= 2 or "." in word for word, loud in zip(words, shouted, strict=True)):
        return " ".join(settled)
    first_quiet = shouted.index(False)
    if shouted[0] and not any(shouted[first_quiet:]):  # "DI COSMO Roberto"
        settled = settled[first_quiet:] + settled[:first_quiet]
    return " ".join(settled)


def capitalise(word: str) -> str:
    """ "O'CONNOR" → "O'Connor", "PUYOL-ANTÓN" → "Puyol-Antón"."""
    return re.sub(r"[^\W\d_]+", lambda match: match.group()[0] + match.group()[1:].lower(), word)


def find_family_name(name: str, hints: str) -> str:
    """The end of a name that follows initials elsewhere, as in "© 2019 H. Kervadec & I. Ben Ayed"; "" for none."""
    words = name.split(" ")
    initial = words[0][0]
    for start in range(1, len(words)):
        family = " ".join(words[start:])
        if len(family) > 2 and re.search(
            rf"\b{re.escape(initial)}\.(?:\s?-?[^\W\d_]\.)*\s?{re.escape(family)}\b", hints
        ):
            return family
    return ""
