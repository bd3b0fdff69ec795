"""Topics as files in the CMS: taken along, and brought in after a look at what would change."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from publications import skos
from publications.errors import FormatError
from publications.models import Topic, TopicImport
from publications.views.topic_files import as_file
from publications.viewsets.framing import Crumb, FramedView, listing_crumb
from publications.viewsets.topics import check_may_change_topics

MOST_SHOWN = 200
"""Of the topics that a file changes; the others are counted."""
KEPT_DAYS = 7
"""So long an upload waits to be applied."""


class UploadForm(forms.Form):
    """A file, and what becomes of what it lacks."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Turtle, RDF/XML, JSON-LD or CSV in UTF-8, of at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".ttl,.rdf,.xml,.owl,.jsonld,.json,.csv"}),
    )
    replaces = forms.ChoiceField(
        label=gettext_lazy("Words and links that the file lacks"),
        choices=[("", gettext_lazy("stay")), ("yes", gettext_lazy("are taken away from the topics that it names"))],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            skos.find_format(upload.name)
            if upload.size > skos.MAX_BYTES:
                raise FormatError(_("The file is larger than %(limit)d MB. Bring it in in parts.") % {"limit": 5})
        except FormatError as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class TopicFilesView(FramedView, FormView):
    """Takes a file, and offers all topics in each format."""

    form_class = UploadForm
    template_name = "publications/admin/topic_files.html"
    page_title = gettext_lazy("Topics as files")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        upload = form.cleaned_data["file"]
        TopicImport.objects.filter(applied_at=None, made_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
        user: Any = self.request.user
        brought = TopicImport.objects.create(
            name=upload.name[-200:], content=upload.read(), replaces=bool(form.cleaned_data["replaces"]), made_by=user
        )
        return redirect("topic_import", brought.pk)

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"formats": skos.FORMATS}


class TopicImportView(FramedView, TemplateView):
    """What an uploaded file would change, and the button that does it."""

    template_name = "publications/admin/topic_import.html"
    page_title = gettext_lazy("What this file changes")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def brought(self) -> TopicImport:
        """The upload, not applied yet."""
        return get_object_or_404(TopicImport, pk=self.kwargs["pk"], applied_at=None)

    @cached_property
    def plan(self) -> skos.Plan:
        """What it would do now."""
        try:
            read = skos.read_file(bytes(self.brought.content), self.brought.name)
        except FormatError as error:
            place = _("line %(number)d") % {"number": error.line} if error.line else _("the file")
            return skos.Plan(faults=(skos.Fault(place, str(error)),))
        return skos.plan_import(read, replaces=self.brought.replaces)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if self.plan.faults or request.POST.get("digest") != self.plan.digest:
            messages.warning(request, _("Topics changed since you looked. This is what the file would change now."))
            return self.get(request, *args, **kwargs)
        changed = len(skos.apply_plan(self.plan, user=user, file_name=self.brought.name))
        TopicImport.objects.filter(pk=self.brought.pk).update(applied_at=timezone.now(), content=b"")
        text = ngettext("One topic was made or changed.", "%(count)d topics were made or changed.", changed)
        messages.success(request, text % {"count": changed})
        return redirect("topic_tree")

    def get_page_subtitle(self) -> str:
        return self.brought.name

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = self.plan.changes
        return super().get_context_data(**kwargs) | {
            "plan": self.plan,
            "changes": changes[:MOST_SHOWN],
            "more_changes": len(changes[MOST_SHOWN:]),
            "faults": self.plan.faults[:MOST_SHOWN],
            "more_faults": len(self.plan.faults[MOST_SHOWN:]),
            "files_url": reverse("topic_files"),
        }


@require_safe
def take_along(request: HttpRequest, extension: str) -> HttpResponse:
    """All topics in a format, those too that readers do not see yet."""
    check_may_change_topics(request)
    return as_file(Topic.objects.current(), extension, is_kept=True)


admin_urls = [
    path("topics/files/", TopicFilesView.as_view(), name="topic_files"),
    path("topics/files/topics.<slug:extension>", take_along, name="take_topics_along"),
    path("topics/files/<key:pk>/", TopicImportView.as_view(), name="topic_import"),
]
