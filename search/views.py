"""The search page, the expert finder and the page reader."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from publications.access import may_read_file
from publications.models import RecordFile
from publications.templatetags.addresses import absolute
from publications.use import is_robot
from publications.views.files import closed_page, find_file
from search.discovery import find_records
from search.empty_searches import count_empty_search
from search.errors import IndexUnavailable
from search.experts.finder import find_experts
from search.experts.questions import Who, read_expert_question
from search.experts.shortlist import compare, find_shortlisted
from search.experts.ways_on import find_expert_ways_on, topics_to_begin_with
from search.forms import read_question
from search.hits import page_url
from search.reader import read_page as read_reader_page
from search.ways_on import find_ways_on


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Records and their pages. Where there is no index, the page says so instead of showing nothing found."""
    if moved := to_year_range(request):
        return moved
    question = read_question(request.GET)
    try:
        results = find_records(question, user=request.user)
    except IndexUnavailable as error:
        return render(request, "search/unavailable.html", {"question": question, "reason": str(error)}, status=503)
    ways_on = None if results.total else find_ways_on(results, user=request.user)
    if not results.total and request.method == "GET" and not is_robot(request):
        count_empty_search(question, today=timezone.localdate())
    response = render(request, "search/search.html", {"results": results, "question": question, "ways_on": ways_on})
    patch_cache_control(response, private=True)
    return response


@require_safe
def experts(request: HttpRequest) -> HttpResponse:
    """Who knows about something; before anything is asked, what could be."""
    if moved := to_year_range(request):
        return moved
    question = read_expert_question(request.GET)
    try:
        found = find_experts(question, user=request.user)
        ways_on = find_expert_ways_on(found, user=request.user) if question.is_asked and not found.total else None
    except IndexUnavailable as error:
        return render(request, "search/unavailable.html", {"question": question, "reason": str(error)}, status=503)
    context = {
        "results": found,
        "question": question,
        "ways_on": ways_on,
        "begin": None if question.is_asked else topics_to_begin_with(),
        "shortlist": [
            (person, question.with_shortlisted(person.slug)) for person in find_shortlisted(question.shortlist)
        ],
        "kinds": Who,
    }
    response = render(request, "search/experts.html", context)
    patch_cache_control(response, private=True)
    return response


@require_safe
def shortlist(request: HttpRequest) -> HttpResponse:
    """The people on a shortlist side by side."""
    question = read_expert_question(request.GET)
    try:
        comparison = compare(question, user=request.user)
    except IndexUnavailable as error:
        return render(request, "search/unavailable.html", {"question": question, "reason": str(error)}, status=503)
    address = absolute(request.path + question.as_shortlist)
    context = {"comparison": comparison, "question": question, "address": address}
    response = render(request, "search/shortlist.html", context)
    patch_cache_control(response, private=True)
    return response


def to_year_range(request: HttpRequest) -> HttpResponse | None:
    """From the two boxes of the year form to the address with the range; None where it was not sent."""
    if "year_from" not in request.GET and "year_to" not in request.GET:
        return None
    return HttpResponseRedirect(f"{request.path}?{with_year_range(request.GET).urlencode()}")


def with_year_range(parameters: QueryDict) -> QueryDict:
    """The parameters with the two boxes of the year form joined into one `year=from-to`."""
    changed = parameters.copy()
    first = changed.pop("year_from", [""])[-1].strip()
    last = changed.pop("year_to", [""])[-1].strip()
    if first or last:
        changed["year"] = f"{first or '1000'}-{last or '9999'}"
    else:
        changed.pop("year", None)
    return changed


@require_safe
def read_page(request: HttpRequest, pid: str, file: int, number: int) -> HttpResponse:
    """The page reader. A page number typed into its form leads to that page's own address."""
    found = find_file(request, pid, number=file)
    if not may_read_file(request.user, found, today=timezone.localdate()):
        return closed_page(request, found)
    question = read_question(request.GET)
    if "page" in request.GET:
        wanted = nearest_page(found, request.GET["page"], otherwise=number)
        return HttpResponseRedirect(page_url(found, wanted, question.words_only))
    if not found.has_pages or not 1 <= number <= (found.page_count or 0):
        raise Http404
    read = read_reader_page(found, number, question=question, user=request.user)
    response = render(request, "search/reader.html", {"read": read})
    patch_cache_control(response, private=True)
    return response


def nearest_page(file: RecordFile, typed: str, *, otherwise: int) -> int:
    """The page somebody typed, or the nearest that the file has."""
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit()):
        return otherwise
    return min(max(1, int(digits[:9])), file.page_count or 1)
