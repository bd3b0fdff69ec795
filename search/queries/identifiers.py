"""Identifiers in a query: DOI, ISBN, ISSN, arXiv, Handle and PubMed ids."""

import re

IDENTIFIER = re.compile(r'(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?(10\.\d{4,9}/[^\s"<>]+)', re.IGNORECASE)
"""A DOI, bare or as an address."""


def bare_identifier(text: str) -> str:
    """An identifier without its resolver, scheme, case and the hyphens of an ISBN or ISSN: as it is looked up."""
    bare = text.strip().casefold().rstrip(".,;")
    bare = re.sub(r"^(?:https?://(?:dx\.)?(?:doi\.org|arxiv\.org/abs|hdl\.handle\.net)/)", "", bare)
    bare = re.sub(r"^(?:urn:)?(?:doi|isbn|issn|arxiv|hdl|pmid):\s*", "", bare)
    if re.fullmatch(r"[\d -]{7,17}[\dx]", bare):
        return re.sub(r"[ -]", "", bare)
    return bare


def balanced(identifier: str) -> str:
    """A DOI may hold parentheses; one closed too many and punctuation at the end belong to the text around it."""
    while identifier and (
        identifier[-1] in ".,;:" or (identifier[-1] == ")" and identifier.count(")") > identifier.count("("))
    ):
        identifier = identifier[:-1]
    return identifier
