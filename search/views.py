"""The search page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from search.discovery import find_records
from search.errors import IndexUnavailable
from search.forms import read_question


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Records and their pages. Where there is no index, the page says so instead of showing nothing found."""
    if "year_from" in request.GET or "year_to" in request.GET:
        return HttpResponseRedirect(f"{request.path}?{with_year_range(request.GET).urlencode()}")
    question = read_question(request.GET)
    try:
        results = find_records(question, user=request.user)
    except IndexUnavailable as error:
        return render(request, "search/unavailable.html", {"question": question, "reason": str(error)}, status=503)
    response = render(request, "search/search.html", {"results": results, "question": question})
    patch_cache_control(response, private=True)
    return response


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
