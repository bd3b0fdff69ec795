"""What was looked for and not found, in the CMS: most asked first, with a synonym at hand that makes it be found."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from publications.models import Topic
from publications.models.bilingual import site_language
from publications.viewsets.framing import Crumb, FramedView, crumb
from publications.viewsets.keys import KeyChoiceField
from publications.viewsets.topics import check_may_change_topics, may_change_topics
from search.discovery import reader_of
from search.empty_searches import add_synonym, asked_in_vain, count_rare, ignore_search
from search.errors import IndexUnavailable
from search.forms import Question
from search.models import IgnoredSearch
from search.ways_on import count, near_topics

PER_PAGE = 50


class EmptySearchesView(FramedView, TemplateView):
    """The report."""

    template_name = "search/admin/empty_searches.html"
    page_title = gettext_lazy("Searches that found nothing")
    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page": Paginator(asked_in_vain(), PER_PAGE).get_page(self.request.GET.get("p")),
            "rare": count_rare(),
            "ignored": IgnoredSearch.objects.all(),
        }


class SynonymForm(forms.Form):
    """Which topic is called so, and in which language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewset: Any = Topic.snippet_viewset
        self.fields["synonym"] = forms.CharField(label=_("Synonym"), max_length=100)
        self.fields["topic"] = KeyChoiceField(
            label=_("Topic that is called so"),
            queryset=Topic.objects.current(),
            widget=viewset.chooser_viewset.widget_class(),
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the synonym"),
            choices=[("nl", _("Dutch")), ("en", _("English"))],
            widget=forms.RadioSelect,
        )

    def clean_synonym(self) -> str:
        return " ".join(self.cleaned_data["synonym"].split())


class AddSynonymView(FramedView, FormView):
    """Makes what was looked for a synonym of a topic, and says how much it finds then."""

    form_class = SynonymForm
    template_name = "search/admin/add_synonym.html"
    page_title = gettext_lazy("Add a synonym")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        text = self.request.GET.get("text", "")[:100].replace("\x00", "")
        near = near_topics(text) if text.strip() else ()
        return {"synonym": text, "topic": near[0].pk if near else None, "language": site_language()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        topic, synonym = form.cleaned_data["topic"], form.cleaned_data["synonym"]
        user: Any = self.request.user
        if not add_synonym(topic, synonym, language=form.cleaned_data["language"], user=user):
            form.add_error("synonym", _("“%(topic)s” is called so already.") % {"topic": topic})
            return self.form_invalid(form)
        called = _("“%(topic)s” is called “%(synonym)s”, too.") % {"topic": topic, "synonym": synonym}
        messages.success(self.request, f"{called} {found_now(synonym, user)}")
        return redirect("empty_searches")

    def get_parents(self) -> list[Crumb]:
        return [crumb(reverse("empty_searches"), EmptySearchesView.page_title)]


def found_now(text: str, user: Any) -> str:
    """What a search for the text finds from now on, in a sentence."""
    try:
        found = count(Question(q=text), reader_of(user))
    except IndexUnavailable:
        return ""
    if not found:
        return _("A search for it still finds nothing: no record has this topic, or any of its other words.")
    return ngettext(
        "A search for it finds %(count)d record now.", "A search for it finds %(count)d records now.", found
    ) % {"count": found}


@require_POST
def ignore(request: HttpRequest) -> HttpResponse:
    """Count a text no more."""
    user = check_may_change_topics(request)
    text = request.POST.get("text", "").strip()[:100]
    if text:
        ignore_search(text, user=user)
        messages.success(request, _("“%(text)s” is no longer counted.") % {"text": text})
    return redirect("empty_searches")


@require_POST
def stop_ignoring(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a text again."""
    check_may_change_topics(request)
    IgnoredSearch.objects.filter(pk=pk).delete()
    return redirect("empty_searches")


class EmptySearchesMenuItem(MenuItem):
    """The report in the menu, for those who may add synonyms."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_topics(request.user)


admin_urls = [
    path("reports/empty-searches/", EmptySearchesView.as_view(), name="empty_searches"),
    path("reports/empty-searches/synonym/", AddSynonymView.as_view(), name="add_synonym"),
    path("reports/empty-searches/ignore/", ignore, name="ignore_search"),
    path("reports/empty-searches/ignored/<key:pk>/", stop_ignoring, name="stop_ignoring_search"),
]
