from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from publications.guarding import GuardedForm, forget_tallies, is_within_limit, network_of
from publications.models import DailyTally

TODAY = date(2026, 11, 25)


class NoteForm(GuardedForm):
    """A form for strangers."""

    note = forms.CharField()


def set_clock(monkeypatch, *, seconds):
    """Let it be so many seconds later."""
    then = datetime.now(UTC) + timedelta(seconds=seconds)
    monkeypatch.setattr("publications.guarding.timezone.now", lambda: then)


def sent(monkeypatch, seconds, **answers):
    """The form as it comes back so many seconds after it was shown."""
    shown_at = NoteForm()["shown_at"].initial
    set_clock(monkeypatch, seconds=seconds)
    return NoteForm({"note": "Hello", "website": "", "shown_at": shown_at} | answers)


def test_a_person_gets_through(monkeypatch):
    assert sent(monkeypatch, 20).is_valid()


@pytest.mark.parametrize(
    ("seconds", "answers", "said"),
    [
        (1, {}, "very fast"),
        (20, {"website": "https://spam.example"}, "only programs"),
        (90_000, {}, "open for long"),
        (20, {"shown_at": ""}, "open for long"),
        (20, {"shown_at": "1764100000:forged"}, "open for long"),
    ],
)
def test_a_program_does_not_and_a_person_is_told_what_to_do(monkeypatch, seconds, answers, said):
    form = sent(monkeypatch, seconds, **answers)

    assert not form.is_valid()
    assert said in str(form.non_field_errors())


def test_a_form_that_was_open_for_long_can_be_sent_again(monkeypatch):
    form = sent(monkeypatch, 90_000)
    form.is_valid()
    set_clock(monkeypatch, seconds=90_010)

    assert NoteForm(form.data).is_valid()


def test_the_trap_is_in_the_page_for_programs_only():
    html = render_to_string("includes/guard.html", {"form": NoteForm()})

    assert 'aria-hidden="true"' in html and 'tabindex="-1"' in html and 'name="website"' in html
    assert [field.name for field in NoteForm().visible_fields()] == ["note"]
    assert NoteForm().hidden_fields() == []


def test_a_limit_counts_each_by_itself_and_starts_anew_each_day(db):
    within = [is_within_limit("note", "a@x.example", most=2, today=TODAY) for _ in range(3)]

    assert within == [True, True, False]
    assert not is_within_limit("note", " A@X.example ", most=2, today=TODAY)
    assert is_within_limit("note", "b@x.example", most=2, today=TODAY)
    assert is_within_limit("other", "a@x.example", most=2, today=TODAY)
    assert is_within_limit("note", "a@x.example", most=2, today=TODAY + timedelta(days=1))


def test_what_was_counted_names_nobody_and_is_gone_the_next_day(db):
    is_within_limit("note", "a@x.example", most=2, today=TODAY)
    is_within_limit("note", "a@x.example", most=2, today=TODAY + timedelta(days=1))
    first, second = DailyTally.objects.order_by("day")

    assert "example" not in first.digest and first.digest != second.digest
    assert forget_tallies(today=TODAY + timedelta(days=1)) == 1
    assert list(DailyTally.objects.all()) == [second]


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("nonsense", "")],
)
def test_a_network_is_known_by_what_one_subscriber_has(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network
