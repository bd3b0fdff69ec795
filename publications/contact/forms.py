"""What people write on the way of a question."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publications.contact.asking import Asking
from publications.contact.evidence import Evidence
from publications.guarding import GuardedForm
from publications.models import Person

LONGEST_TEXT = 5000
MOST_FOUND = 12


class LineField(forms.CharField):
    """One line: breaks and control characters that a program sends become spaces."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return " ".join("".join(c if c.isprintable() else " " for c in text).split()) if text else text


class AskForm(GuardedForm):
    """A question, who asks it, and which of the evidence goes along."""

    text = forms.CharField(
        label=_("Your question"),
        help_text=_("What are you trying to do, and what would help?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    works = forms.MultipleChoiceField(required=False)
    sends_query = forms.BooleanField(required=False, initial=True)
    name = LineField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organisation = LineField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You get a link there. Your question is sent once you follow it and press the button."),
        error_messages={"invalid": _("Write an address with an @, such as name@company.nl.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    shares_address = forms.BooleanField(label=_("They may answer me by mail"), required=False)

    def __init__(self, *args: Any, evidence: Sequence[Evidence] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence = evidence
        works: Any = self.fields["works"]
        works.choices = [(one.record.pid, one.record.title) for one in evidence]
        self.initial["works"] = [one.record.pid for one in evidence]
        self.fields["shares_address"].help_text = _(
            "They then see your address and can simply reply. Otherwise they answer on a page of the hub and "
            "never see it."
        )

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    @property
    def asking(self) -> Asking:
        """What was written, once it is valid."""
        given = self.cleaned_data
        names = ("text", "name", "organisation", "email", "shares_address")
        return Asking(**{name: given[name] for name in names})

    @property
    def chosen_evidence(self) -> list[Evidence]:
        """What goes along."""
        return [one for one in self.evidence if one.record.pid in self.cleaned_data["works"]]

    @property
    def offered(self) -> list[tuple[Evidence, bool]]:
        """All the evidence, each with whether its box is ticked."""
        ticked = self["works"].value() or []
        return [(one, one.record.pid in ticked) for one in self.evidence]


class MessageForm(forms.Form):
    """Something that is said about a question."""

    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}), strip=True
    )

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")


class DeclineForm(MessageForm):
    """Why somebody cannot help, in their own words or in none."""

    text = forms.CharField(
        label=_("A word to the person who asked"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def find_contactable(words: str) -> list[Person]:
    """People who take questions, by words of any of their names; nobody where no word was typed."""
    found = Person.objects.visible().filter(has_consented=True).select_related("user")
    typed = words.replace("\x00", " ").split()[:8]
    for word in typed:
        found = found.matching(word)
    return list(found.order_by("family_name", "given_name", "pk")[:MOST_FOUND]) if typed else []
