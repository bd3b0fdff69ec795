"""Tags and filters that the site's templates share: texts in two languages, dates, numbers, names, access.

Strips and bars are in drawings.py beside this, addresses and links to other pages in addresses.py; both come along with
`{% load hub %}`.
"""

from datetime import date, datetime
from typing import Any

import nh3
from django import template
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.fields import RichTextField
from wagtail.rich_text import expand_db_html

from publications.access import may_read_file
from publications.ingest.page_states import page_label, page_ranges
from publications.metadata import parse_partial_date
from publications.models import Event, Record, RecordFile
from publications.models.bilingual import LocalText, local_text, site_language
from publications.templatetags import addresses, drawings
from publications.views.wording import access_words, first_creators, others_in_words, published_in, unbroken
from publications.vocabularies import LANGUAGES

register = template.Library()
register.simple_tag(drawings.strip)
register.simple_tag(drawings.year_bars)
register.simple_tag(drawings.year_captions)
register.simple_tag(addresses.absolute)
register.filter(addresses.on_paper)
register.simple_tag(addresses.language_of_page)
register.simple_tag(addresses.record_search_url)
register.simple_tag(addresses.sign_in_url, takes_context=True)
register.simple_tag(addresses.url_in_language, takes_context=True)
register.simple_tag(published_in)
register.filter(unbroken)
register.inclusion_tag("includes/addresses.html", takes_context=True)(addresses.own_addresses)
register.inclusion_tag("includes/pager.html", takes_context=True)(addresses.pager)

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
RICH_TEXT_TAGS = {
    "a", "b", "blockquote", "br", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong", "sub", "sup", "ul",
}  # fmt: skip
REAL_LANGUAGES = {code for code, _label in LANGUAGES} - {"mul", "und"}


# Texts in two languages -----------------------------------------------------------------------------------------


@register.simple_tag
def text_of(thing: Any, name: str) -> LocalText:
    """The text itself, with its language, for templates that place both: {% text_of event "title" as title %}."""
    return local_text(thing, name)


@register.simple_tag
def local(thing: Any, name: str, *, note: bool = True) -> SafeString:
    """A short text in the reader's language; one of the other language says so: "Hart-MRI (in Dutch)"."""
    return with_mark(local_text(thing, name), note=note)


@register.simple_tag
def with_mark(text: LocalText, *, note: bool = True) -> SafeString:
    """A short text that was taken from the other language, where it was, with a note of which."""
    if not text.is_substitute:
        return conditional_escape(text.value)
    marked = format_html('<span lang="{}">{}</span>', text.language, text.value)
    if not note:
        return marked
    return format_html('{} <span class="lang-note">({})</span>', marked, in_language(text.language))


@register.simple_tag
def local_prose(thing: Any, name: str) -> SafeString:
    """A longer text in the reader's language, or the other one with a sentence that says what is missing."""
    text = local_text(thing, name)
    if not text:
        return mark_safe("")
    is_rich = isinstance(thing._meta.get_field(f"{name}_{text.language}"), RichTextField)
    body = rich_text(text.value) if is_rich else mark_safe(linebreaks(text.value, autoescape=True))  # noqa: S308
    if not text.is_substitute:
        return format_html('<div class="prose">{}</div>', body)
    return format_html(
        '<p class="lang-note missing">{}</p><div class="prose" lang="{}">{}</div>',
        not_yet_in(site_language()),
        text.language,
        body,
    )


@register.inclusion_tag("includes/local_body.html")
def local_body(thing: Any, name: str) -> dict[str, Any]:
    """A text made of blocks in the reader's language, or the other one with a sentence that says what is missing."""
    text = local_text(thing, name)
    return {"text": text, "missing": not_yet_in(site_language()) if text.is_substitute else ""}


def in_language(language: str) -> str:
    """ "in Dutch"."""
    return _("in Dutch") if language == "nl" else _("in English")


@register.simple_tag
def only_in(language: str) -> str:
    """That a page of the CMS is there in this language alone."""
    return _("Only in Dutch") if language == "nl" else _("Only in English")


def not_yet_in(language: str) -> str:
    """That a text has no translation into this language yet."""
    return _("Not yet in Dutch.") if language == "nl" else _("Not yet in English.")


@register.simple_tag
def lang(language: str) -> SafeString:
    """The attributes of a text in this language: nothing where it is the page's own.

    One that is not known may be written from right to left, which its letters tell the browser.
    """
    if language not in REAL_LANGUAGES:
        return mark_safe(' dir="auto"')
    if language == site_language():
        return mark_safe("")
    return format_html(' lang="{}"', language)


@register.simple_tag
def language_name(language: str) -> str:
    """The language of a text in words, nothing where it is the page's own or not known."""
    if language not in REAL_LANGUAGES or language == site_language():
        return ""
    return str(dict(LANGUAGES)[language])


@register.filter
def rich_text(html: str) -> SafeString:
    """Rich text from the database, with its links to pages filled in and nothing in it that could run."""
    clean = nh3.clean(expand_db_html(html), tags=RICH_TEXT_TAGS, attributes={"a": {"href"}}, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308


# Numbers and dates ----------------------------------------------------------------------------------------------


@register.filter
def digits(number: int | None) -> str:
    """A number as a machine reads it, for attributes, and for years, which take no separator."""
    return "" if number is None else str(number)


@register.filter
def percent(share: float) -> str:
    """A share from 0 to 1 as "97.8 %"; only the whole is 100, and only nothing is 0."""
    value = round(share * 100, 1)
    if share < 1:
        value = min(value, 99.9)
    if share > 0:
        value = max(value, 0.1)
    shown = formats.number_format(value, 0 if value == round(value) else 1)
    return f"{shown}{NO_BREAK_SPACE}%"


@register.filter
def partial_date(text: str) -> str:
    """A date as precise as it is known: "17 June 2026", "June 2026", "2026"; what is no date stays as it is."""
    try:
        parts = parse_partial_date(text)
    except ValueError:
        return text
    year, month, day = (*parts, 1, 1)[:3]
    pattern = ("Y", "F Y", "j F Y")[len(parts) - 1]
    return formats.date_format(date(year, month, day), pattern)


@register.simple_tag
def issued(text: str) -> SafeString:
    """When something was published, or that nobody knows."""
    if not text:
        return format_html('<span class="missing">{}</span>', _("date unknown"))
    return format_html('<time datetime="{}">{}</time>', text, partial_date(text))


@register.simple_tag
def issued_year(year: int | None) -> SafeString:
    """The year something was published, or that nobody knows."""
    if year is None:
        return format_html('<span class="missing">{}</span>', _("year unknown"))
    return format_html('<time datetime="{0}">{0}</time>', str(year))


@register.filter(expects_localtime=True)
def clock(moment: datetime) -> str:
    """The time of day as it is written: "13:00", in Dutch "13.00"."""
    return formats.date_format(moment, "H.i" if site_language() == "nl" else "H:i")


@register.simple_tag
def event_hours(event: Event) -> str:
    """ "13:00–17:30", in Dutch "13.00–17.30 uur"; nothing for an event of several days or without an hour."""
    starts, ends = _local_times(event)
    if (ends and ends.date() != starts.date()) or (not ends and clock(starts) in ("00:00", "00.00")):
        return ""
    hours = f"{clock(starts)}–{clock(ends)}" if ends and ends != starts else clock(starts)
    return f"{hours}{NO_BREAK_SPACE}uur" if site_language() == "nl" else hours


@register.simple_tag
def event_when(event: Event) -> SafeString:
    """Day and hours of an event: "Thursday 10 December 2026, 13:00–17:30", "10–12 December 2026"."""
    starts, ends = _local_times(event)
    if ends and ends.date() != starts.date():
        last = formats.date_format(ends, "j F Y")
        if (starts.year, starts.month) == (ends.year, ends.month):
            words = f"{starts.day}–{last}"
        else:
            first = formats.date_format(starts, "j F" if starts.year == ends.year else "j F Y")
            words = f"{first} – {last}"
    else:
        day = formats.date_format(starts, "l j F Y")
        hours = event_hours(event)
        words = f"{day}, {hours}" if hours else day
    words = words[:1].upper() + words[1:]
    return format_html('<time datetime="{}">{}</time>', starts.strftime("%Y-%m-%dT%H:%M%z"), words)


def _local_times(event: Event) -> tuple[datetime, datetime | None]:
    return timezone.localtime(event.starts), timezone.localtime(event.ends) if event.ends else None


# Records and their files ----------------------------------------------------------------------------------------


@register.inclusion_tag("includes/access_label.html")
def access_label(thing: Record | RecordFile) -> dict[str, Any]:
    """Who may open a record's files, or one file: a ring that fills as it closes, always with the word."""
    status = thing.access_status(today=timezone.localdate())
    record = thing.record if isinstance(thing, RecordFile) else thing
    return {"access": status, "label": access_words(status, record.available)}


@register.simple_tag
def byline(record: Record, *, links: bool = True) -> SafeString:
    """Who made a record, as printed; of a long list the first three and how many more there are."""
    shown, others = first_creators(record)
    names = format_html_join(", ", "{}", ((contributor_name(creator, link=links),) for creator in shown))
    if not others:
        return names
    more = others_in_words(others)
    if links:
        more = format_html('<a href="{}">{}</a>', record.get_absolute_url(), more)
    return format_html("{} {} {}", names, _("and"), more)


@register.simple_tag
def contributor_name(contribution: Any, *, link: bool = True) -> SafeString:
    """A contributor as printed, leading to the person or organisation where the hub knows them."""
    known = contribution.organisation if contribution.is_organisation else contribution.person
    if not link or known is None:
        return conditional_escape(contribution.name)
    return format_html('<a href="{}">{}</a>', known.get_absolute_url(), contribution.name)


@register.simple_tag
def extent(record: Record) -> str:
    """How long a record's longest file is: "12 pages", "46 slides"; nothing where none was counted."""
    counted = [(file.page_count, file.kind) for file in present_files(record) if file.page_count]
    return page_count_words(*max(counted)) if counted else ""


def page_count_words(count: int, kind: str) -> str:
    """ "1 page", "46 slides"."""
    shown = {"count": formats.number_format(count)}
    if kind == "slide":
        return ngettext("%(count)s slide", "%(count)s slides", count) % shown
    return ngettext("%(count)s page", "%(count)s pages", count) % shown


@register.simple_tag
def page_share(found: int, count: int, kind: str) -> str:
    """ "9 of 18 pages", "10 of 46 slides"."""
    shown = {"found": formats.number_format(found), "count": formats.number_format(count)}
    if kind == "slide":
        return ngettext("%(found)s of %(count)s slide", "%(found)s of %(count)s slides", count) % shown
    return ngettext("%(found)s of %(count)s page", "%(found)s of %(count)s pages", count) % shown


def present_files(record: Record) -> list[RecordFile]:
    """The files that were not taken away; no query where files were prefetched."""
    return [file for file in record.files.all() if file.removed_at is None]


@register.simple_tag(takes_context=True)
def file_to_show(context: dict[str, Any], record: Record) -> RecordFile | None:
    """The first file whose pages this reader may see: whose picture may stand beside the record."""
    request: HttpRequest | None = context.get("request")
    if request is None or not hasattr(request, "user"):
        return None
    today = timezone.localdate()
    readable = (f for f in present_files(record) if f.has_page_images and may_read_file(request.user, f, today=today))
    return next(readable, None)


@register.filter
def marked(html: str) -> SafeString:
    """A text with its found words marked: <mark> stays, anything else an engine might let through does not."""
    return mark_safe(nh3.clean(html, tags={"mark"}, attributes={}))  # noqa: S308


register.filter(page_ranges)


register.simple_tag(page_label)


@register.simple_tag
def page_count(count: int | None, kind: str = "page") -> str:
    """ "12 pages", "1 slide"."""
    return page_count_words(count or 0, kind)
