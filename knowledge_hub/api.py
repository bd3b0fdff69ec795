"""The REST API: each app brings its router, this module gives it one address and one form of error."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from knowledge_hub.views import problem
from publications.api import router as deposit_router
from search.api import router as search_router
from search.errors import IndexUnavailable

api = NinjaAPI(
    title="Knowledge Hub API",
    version="1",
    urls_namespace="api",
    docs_url=None,
    description="Records, pages and people of this hub. Errors are application/problem+json (RFC 9457).",
)
api.add_router("", search_router)
api.add_router("", deposit_router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404 as a problem."""
    return problem(404, "Not Found")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with what is wrong, field by field."""
    detail = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors)
    return problem(422, "Unprocessable Content", detail)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Any other refusal, with its status."""
    return problem(error.status_code, str(error))


@api.exception_handler(IndexUnavailable)
def unsearchable(request: HttpRequest, error: IndexUnavailable) -> HttpResponse:
    """503: there is no index to ask, which is not the same as nothing found."""
    return problem(503, "The index cannot be searched", str(error))
