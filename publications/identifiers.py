"""Identifiers: each is parsed to one canonical form, checked, and printed.

`parse_*` take what people paste (links, prefixes, spaces) and return the canonical text; they raise InvalidIdentifier
with a sentence that says what is wrong. `find_doi` reads one from running text.
"""

import re
import secrets
from urllib.parse import quote, unquote

from publications.errors import InvalidIdentifier

# Digits and consonants without l: no words can form, nothing reads like something else, and 29 is prime, which is
# what makes the check character find every single wrong character and every swap of two
# (NOID Check Digit Algorithm, https://metacpan.org/dist/Noid/view/noid#NOID-CHECK-DIGIT-ALGORITHM).
PID_ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
PID_LENGTH = 8


def pid_check_character(stem: str) -> str:
    """The character that makes `stem` a PID."""
    total = sum(PID_ALPHABET.index(character) * place for place, character in enumerate(stem, start=1))
    return PID_ALPHABET[total % len(PID_ALPHABET)]


def make_pid() -> str:
    """A new PID: seven random characters and one that checks them (17 thousand million of them)."""
    stem = "".join(secrets.choice(PID_ALPHABET) for _ in range(PID_LENGTH - 1))
    return stem + pid_check_character(stem)


def parse_pid(text: str) -> str:
    """The PID in lower case."""
    pid = text.strip().lower()
    if len(pid) != PID_LENGTH or any(character not in PID_ALPHABET for character in pid):
        raise InvalidIdentifier(f"“{text}” is not an identifier of this hub: those have {PID_LENGTH} characters.")
    if pid_check_character(pid[:-1]) != pid[-1]:
        raise InvalidIdentifier(f"“{text}” is mistyped: its last character does not fit the others.")
    return pid


DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"]+")
# In running text angle brackets and quotation marks end a DOI, though a few old ones have them.
DOI_IN_TEXT = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"<>]+")
DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)


def parse_doi(text: str) -> str:
    """The bare DOI in lower case: "10.1000/xyz"."""
    doi = DOI_PREFIX.sub("", text.strip())
    if text.strip().lower().startswith("http"):
        doi = unquote(doi)
    doi = doi.lower()
    if not DOI.fullmatch(doi):
        raise InvalidIdentifier(f"“{text}” is not a DOI: those look like 10.1000/xyz.")
    return doi


def find_doi(text: str) -> str:
    """The first DOI in running text, without the punctuation that ends a sentence; "" where there is none."""
    match = DOI_IN_TEXT.search(text)
    if not match:
        return ""
    doi = match.group().rstrip(".,;:'’”")
    while doi.endswith((")", "]", "}")) and doi.count(doi[-1]) > doi.count({")": "(", "]": "[", "}": "{"}[doi[-1]]):
        doi = doi[:-1].rstrip(".,;:'’”")
    return doi.lower()


def doi_url(doi: str) -> str:
    """The link of a DOI, as its agency wants it shown."""
    return "https://doi.org/" + quote(doi, safe="/:;.,()-_~!*'@$+=") if doi else ""


def _mod_11_2(digits: str) -> str:
    """The check character of ISO 7064 MOD 11-2, used by ORCID iDs."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def parse_orcid(text: str) -> str:
    """The ORCID iD in groups of four: "0000-0002-1825-0097"."""
    compact = re.sub(r"^https?://orcid\.org/|[-\s]", "", text.strip(), flags=re.IGNORECASE).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", compact):
        raise InvalidIdentifier(f"“{text}” is not an ORCID iD: those have sixteen digits, in groups of four.")
    if _mod_11_2(compact[:15]) != compact[15]:
        raise InvalidIdentifier(f"“{text}” is mistyped: the last digit of this ORCID iD does not fit the others.")
    return "-".join(compact[start : start + 4] for start in range(0, 16, 4))


def orcid_url(orcid: str) -> str:
    """The link of an ORCID iD."""
    return f"https://orcid.org/{orcid}" if orcid else ""


CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def parse_ror(text: str) -> str:
    """The bare ROR id: "016xsfp80". Its last two digits are checked (ISO 7064 MOD 97-10)."""
    ror = re.sub(r"^https?://ror\.org/", "", text.strip(), flags=re.IGNORECASE).lower()
    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", ror):
        raise InvalidIdentifier(f"“{text}” is not a ROR id: those look like https://ror.org/016xsfp80.")
    number = 0
    for character in ror[:7]:
        number = number * 32 + CROCKFORD.index(character)
    if 98 - (number * 100) % 97 != int(ror[7:]):
        raise InvalidIdentifier(f"“{text}” is mistyped: the last two digits of this ROR id do not fit the others.")
    return ror


def ror_url(ror: str) -> str:
    """The link of a ROR id."""
    return f"https://ror.org/{ror}" if ror else ""


def parse_isbn(text: str) -> str:
    """The ISBN as thirteen digits; an ISBN-10 is converted."""
    compact = re.sub(r"^isbn:?|[-\s]", "", text.strip(), flags=re.IGNORECASE).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", compact):
        total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(compact))
        if total % 11:
            raise InvalidIdentifier(f"“{text}” is mistyped: the last digit of this ISBN does not fit the others.")
        stem = "978" + compact[:9]
        return stem + _ean_check_digit(stem)
    if not re.fullmatch(r"97[89][0-9]{10}", compact):
        raise InvalidIdentifier(f"“{text}” is not an ISBN: those have ten or thirteen digits.")
    if _ean_check_digit(compact[:12]) != compact[12]:
        raise InvalidIdentifier(f"“{text}” is mistyped: the last digit of this ISBN does not fit the others.")
    return compact


def _ean_check_digit(stem: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return str(-total % 10)


def parse_issn(text: str) -> str:
    """The ISSN with its hyphen: "2049-3630"."""
    compact = re.sub(r"^issn:?|[-\s]", "", text.strip(), flags=re.IGNORECASE).upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", compact):
        raise InvalidIdentifier(f"“{text}” is not an ISSN: those have eight digits.")
    total = sum((8 - place) * int(digit) for place, digit in enumerate(compact[:7]))
    check = -total % 11
    if ("X" if check == 10 else str(check)) != compact[7]:
        raise InvalidIdentifier(f"“{text}” is mistyped: the last digit of this ISSN does not fit the others.")
    return f"{compact[:4]}-{compact[4:]}"


def parse_arxiv(text: str) -> str:
    """The arXiv id without version: "1907.01234" or "math.GT/0309136"."""
    bare = re.sub(
        r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:?\s*)|(?:\.pdf)$",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    bare = re.sub(r"v\d+$", "", bare)
    if not re.fullmatch(r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}", bare):
        raise InvalidIdentifier(f"“{text}” is not an arXiv id: those look like 1907.01234.")
    return bare
