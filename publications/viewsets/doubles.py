"""Possible doubles in the CMS: the list, two side by side, and what an editor makes of them."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from publications.doubles import distinguish, doubles_waiting, take_back_distinction
from publications.models import Distinction, LikelyDouble
from publications.suggestions import certainty_of
from publications.viewsets.framing import Crumb, FramedView, crumb
from publications.viewsets.merges import kinds_of
from publications.viewsets.merging import merge_url
from publications.viewsets.rights import signed_in
from publications.viewsets.side_by_side import compare
from publications.vocabularies import Evidence, Likeness

PER_PAGE = 25
REASONS = dict(Likeness.choices) | dict(Evidence.choices)


@dataclass(frozen=True)
class Row:
    """A pair as the list shows it."""

    double: LikelyDouble | Distinction
    first: Any
    second: Any

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called; with a number where that is the same."""
        names = (str(self.first), str(self.second))
        return names if names[0] != names[1] else (f"{names[0]} (1)", f"{names[1]} (2)")

    @property
    def certainty(self) -> str:
        """How sure it is, in a word."""
        return str(certainty_of(self.double.confidence).label)  # type: ignore[union-attr]

    @property
    def reasons(self) -> str:
        """Why the two are listed."""
        return ", ".join(str(REASONS[reason]) for reason in self.double.reasons if reason in REASONS)  # type: ignore[union-attr]


def rows_of(pairs: list[Any]) -> list[Row]:
    """The pairs of which both are still there; a query for each kind."""
    things: dict[int, dict[int, Any]] = {}
    for content_type_id in {pair.content_type_id for pair in pairs}:
        model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
        pks = [
            pk for pair in pairs if pair.content_type_id == content_type_id for pk in (pair.first_id, pair.second_id)
        ]
        things[content_type_id] = model.objects.current().in_bulk(pks)
    found = [(pair, things[pair.content_type_id]) for pair in pairs]
    return [
        Row(pair, there[pair.first_id], there[pair.second_id])
        for pair, there in found
        if pair.first_id in there and pair.second_id in there
    ]


class ListView(FramedView, TemplateView):
    """A list of pairs, of the kinds that this user may merge."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kinds = kinds_of(request.user)
        self.kind = kind if (kind := request.GET.get("kind", "")) in self.kinds else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.kinds:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def chosen(self) -> list[Any]:
        """The kinds that are listed."""
        return [self.kinds[self.kind]] if self.kind else list(self.kinds.values())

    def listed(self, pairs: Any) -> dict[str, Any]:
        """A page of pairs, and the choice of a kind."""
        page = Paginator(pairs, PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            "page": page,
            "rows": rows_of(list(page)),
            "kind": self.kind,
            "kinds": [(name, model._meta.verbose_name_plural) for name, model in self.kinds.items()],
        }


class DoublesView(ListView):
    """What may be one, the surest first."""

    template_name = "publications/admin/doubles.html"
    page_title = gettext_lazy("Possible doubles")
    header_icon = "copy"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | self.listed(doubles_waiting(*self.chosen()))


class DistinctionsView(ListView):
    """What an editor found to be two, the last first, with a way back."""

    template_name = "publications/admin/distinctions.html"
    page_title = gettext_lazy("Pairs that are two")
    header_icon = "copy"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        types = ContentType.objects.get_for_models(*self.chosen()).values()
        pairs = Distinction.objects.filter(content_type__in=types).select_related("made_by").order_by("-made_at", "-pk")
        return super().get_context_data(**kwargs) | self.listed(pairs)


def find_pair(request: HttpRequest, model: type[LikelyDouble] | type[Distinction], pk: int) -> Row:
    """A pair that this user may decide about. Raises PermissionDenied, and Http404 where one of the two is gone."""
    pair: Any = get_object_or_404(model, pk=pk)
    if pair.content_type.model not in kinds_of(request.user):
        raise PermissionDenied
    rows = rows_of([pair])
    if not rows:
        raise Http404
    return rows[0]


class CompareView(FramedView, TemplateView):
    """Two side by side, and what can be done about them."""

    template_name = "publications/admin/compare.html"
    page_title = gettext_lazy("Are these one?")
    header_icon = "copy"

    def get_parents(self) -> list[Crumb]:
        return [crumb(reverse("doubles"), _("Possible doubles"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = find_pair(self.request, LikelyDouble, self.kwargs["pk"])
        return super().get_context_data(**kwargs) | {
            "row": row,
            "facts": compare(row.first, row.second),
            "keep_first_url": merge_url(row.first, row.second),
            "keep_second_url": merge_url(row.second, row.first),
            "next_url": next_url(row),
        }


def next_url(row: Row) -> str:
    """The next pair of the same kind on the list; the list itself after the last."""
    double: Any = row.double
    later = Q(confidence__lt=double.confidence) | Q(confidence=double.confidence, pk__gt=double.pk)
    following = LikelyDouble.objects.filter(later, content_type=double.content_type_id).first()
    return reverse("compare_doubles", args=[following.pk]) if following else reverse("doubles")


@require_POST
def say_different(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that two are two, and go on to the next pair."""
    row = find_pair(request, LikelyDouble, pk)
    after = next_url(row)
    distinguish(row.first, row.second, user=signed_in(request))
    sentence = _("“%(first)s” and “%(second)s” are two, and are not listed again.")
    buttons = [messages.button(reverse("distinctions"), _("Take back …"))]
    messages.success(request, sentence % {"first": row.first, "second": row.second}, buttons=buttons)
    return redirect(after)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """They may be one after all."""
    row = find_pair(request, Distinction, pk)
    distinction: Any = row.double
    take_back_distinction(distinction, user=signed_in(request))
    sentence = _("“%(first)s” and “%(second)s” may be one again.") % {"first": row.first, "second": row.second}
    messages.success(request, sentence)
    return redirect("distinctions")


class DoublesMenuItem(MenuItem):
    """Shown with the number of pairs to those who may merge something."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(kinds_of(request.user))

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if count := doubles_waiting(*kinds_of(request.user).values()).count():
            component.label = f"{component.label} ({count})"
        return component


def doubles_menu_item() -> MenuItem:
    """The list among the reports."""
    return DoublesMenuItem(
        gettext_lazy("Possible doubles"), reverse("doubles"), name="doubles", icon_name="copy", order=125
    )


admin_urls = [
    path("doubles/", DoublesView.as_view(), name="doubles"),
    path("doubles/different/", DistinctionsView.as_view(), name="distinctions"),
    path("doubles/different/<key:pk>/take-back/", take_back, name="take_back_distinction"),
    path("doubles/<key:pk>/", CompareView.as_view(), name="compare_doubles"),
    path("doubles/<key:pk>/different/", say_different, name="say_different"),
]
