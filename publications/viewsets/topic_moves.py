"""Moving a topic to another place in the tree: by a form that works everywhere, or by dragging, which sends it.

A move is taken back by the move the other way, which the tree offers right after it.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from publications.models import Topic
from publications.topics import move_topic
from publications.viewsets.framing import Crumb, FramedView, listing_crumb
from publications.viewsets.topics import check_may_change_topics


class MoveForm(forms.Form):
    """Below which topic another one goes."""

    below = forms.ModelChoiceField(
        label=gettext_lazy("Place it below"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other: at the top"),
    )

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below: Any = self.fields["below"]
        # What is below the topic is refused by the move itself, with the sentence that says why.
        below.queryset = Topic.objects.current().exclude(pk=topic.pk).order_by("name")
        self.initial.setdefault("below", topic.broader_id)


class MoveTopicView(FramedView, FormView):
    """A form that asks where a topic goes; it is also what dragging in the tree sends."""

    template_name = "publications/admin/move_topic.html"
    form_class = MoveForm
    page_title = gettext_lazy("Move a topic")
    header_icon = "list-ul"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_change_topics(request)
        self.topic = get_object_or_404(Topic.objects.current(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"topic": self.topic}

    def form_valid(self, form: MoveForm) -> HttpResponse:
        below = form.cleaned_data["below"]
        try:
            before = move_topic(self.topic, below, user=self.request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error("below", error.messages)
            return self.form_invalid(form)
        if before == below:
            return redirect("topic_tree")
        names = {"name": self.topic, "below": below}
        messages.success(
            self.request,
            _("“%(name)s” stands below “%(below)s” now.") % names
            if below
            else _("“%(name)s” stands at the top now.") % names,
        )
        return redirect(f"{reverse('topic_tree')}?moved={self.topic.pk}&from={before.pk if before else ''}")

    def get_parents(self) -> list[Crumb]:
        return [listing_crumb(Topic)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"topic": self.topic}


admin_urls = [path("topics/tree/<key:pk>/move/", MoveTopicView.as_view(), name="move_topic")]
