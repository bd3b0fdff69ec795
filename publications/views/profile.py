"""One's own profile: claiming it, then writing it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from publications.claims import claim_profile, person_of
from publications.errors import ClaimError
from publications.models import Person, User
from publications.profiles import ProfileForm, find_claimable, save_profile

NOBODY = "nobody"


class ClaimForm(forms.Form):
    """Who one is, of the people found, or nobody of them; and how an editor can tell."""

    person = forms.ChoiceField(label=gettext_lazy("Which one are you?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("How can an editor tell that it is you?"),
        help_text=gettext_lazy("For instance: where you work, or a colleague who knows you."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: object, people: list[Person]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        field: forms.ChoiceField = self.fields["person"]  # type: ignore[assignment]
        found = [
            (str(person.pk), f"{person.name} ({person.orcid})" if person.orcid else person.name) for person in people
        ]
        field.choices = [*found, (NOBODY, _("None of these: I am new on the hub"))]
        self.people = {str(person.pk): person for person in people}

    @property
    def chosen(self) -> Person | None:
        """The person whom one claims to be; None for somebody new."""
        return self.people.get(self.cleaned_data["person"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The form of one's profile, or the way to get one."""
    user: User = request.user  # type: ignore[assignment]
    person = person_of(user)
    if person is None:
        return claim(request, user)
    form = ProfileForm(*([request.POST, request.FILES] if request.method == "POST" else []), instance=person)
    if form.is_bound and form.is_valid():
        save_profile(form, user=user)
        messages.success(request, _("Your profile is saved."))
        return redirect("publications:profile")
    is_shown = Person.objects.visible().filter(pk=person.pk).exists()
    context = {"form": form, "person": person, "is_shown": is_shown}
    return render(request, "publications/profile.html", context)


def claim(request: HttpRequest, user: User) -> HttpResponse:
    """Finding oneself among the people of the hub; while a claim waits, that it does."""
    waiting = user.claims.open().select_related("person").first()
    if waiting is not None:
        return render(request, "publications/claim_waits.html", {"claim": waiting})
    words = request.GET.get("q", user.get_full_name()).strip()[:200].replace("\x00", "")
    form = ClaimForm(*([request.POST] if request.method == "POST" else []), people=find_claimable(words))
    if form.is_bound and form.is_valid():
        try:
            claim_profile(user, form.chosen, note=form.cleaned_data["note"])
            return redirect("publications:profile")
        except ClaimError as error:
            form.add_error(None, str(error))
    return render(request, "publications/claim.html", {"form": form, "words": words})
