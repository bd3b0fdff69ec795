"""Whose profile is whose: by an editor's word, or by an ORCID iD that its owner has proven."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from publications.claims import approve_account, claim_profile, confirm_claim, link_by_orcid, person_of, refuse_claim
from publications.errors import ClaimError
from publications.merging import merge_people
from publications.models import Person, ProfileClaim, User
from tests.factories import PASSWORD, EditorFactory, MemberFactory, PersonFactory, ResearcherFactory, UserFactory

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"
PROFILE, WAITING = "/en/my/profile/", "/admin/people-waiting/"


def test_a_confirmed_claim_makes_the_profile_the_accounts_and_tells_its_owner(django_assert_num_queries):
    user, person = UserFactory(), PersonFactory()
    claim = claim_profile(user, person, note="I wrote it")

    confirm_claim(claim, by=EditorFactory(), may_deposit=True)

    person.refresh_from_db()
    assert person_of(user) == person
    assert person.email == user.email
    assert [group.name for group in user.groups.all()] == ["Researchers"]
    assert mail.outbox[0].to == [user.email]
    assert "Your profile is yours / " in mail.outbox[0].subject
    assert person.get_absolute_url() in mail.outbox[0].body


def test_without_the_tick_the_account_gets_no_rights():
    user = UserFactory()

    confirm_claim(claim_profile(user, PersonFactory()), by=EditorFactory(), may_deposit=False)

    assert user.groups.count() == 0


def test_somebody_new_becomes_a_person():
    user = UserFactory(first_name="Noor", last_name="van der Berg")

    person = confirm_claim(claim_profile(user, None), by=EditorFactory(), may_deposit=True)

    assert (person.name, person.user, person.has_consented) == ("Noor van der Berg", user, False)


def test_a_refused_claim_leaves_the_profile_and_says_why():
    user, person = UserFactory(), PersonFactory()

    refuse_claim(claim_profile(user, person), by=EditorFactory(), reason="She retired in 1980.")

    assert person_of(user) is None
    assert "She retired in 1980." in mail.outbox[0].body
    assert claim_profile(user, PersonFactory()).state == "open"


def test_nobody_claims_twice_or_what_is_anothers():
    user, taken = UserFactory(), PersonFactory(user=UserFactory())
    with pytest.raises(ClaimError, match="another account"):
        claim_profile(user, taken)
    claim_profile(user, PersonFactory())
    with pytest.raises(ClaimError, match="already"):
        claim_profile(user, PersonFactory())


def test_two_who_claim_the_same_do_not_both_get_it():
    person, editor = PersonFactory(), EditorFactory()
    first, second = (claim_profile(UserFactory(), person) for _time in range(2))

    confirm_claim(first, by=editor, may_deposit=False)

    with pytest.raises(ClaimError, match="another account"):
        confirm_claim(second, by=editor, may_deposit=False)
    with pytest.raises(ClaimError, match="already"):
        confirm_claim(first, by=editor, may_deposit=False)
    second.refresh_from_db()
    assert second.state == "open"


def test_a_claim_follows_a_merge():
    kept, merged = PersonFactory(), PersonFactory()
    claim = claim_profile(UserFactory(), merged)

    merge_people(kept, merged)

    claim.refresh_from_db()
    assert claim.person == kept


def test_a_proven_orcid_links_at_once_and_settles_the_claim():
    user, person = UserFactory(), PersonFactory(orcid=ORCID)
    claim = claim_profile(user, PersonFactory())

    assert link_by_orcid(user, ORCID) == person

    claim.refresh_from_db()
    assert (person_of(user), claim.state, claim.person) == (person, "confirmed", person)
    assert user.groups.count() == 0


def test_a_proven_orcid_takes_nobodys_profile_away():
    owner, other = UserFactory(), UserFactory()
    person = PersonFactory(orcid=ORCID, user=owner)

    assert link_by_orcid(other, ORCID) is None
    assert link_by_orcid(owner, ORCID) == person
    assert person_of(owner) == person


def test_a_profile_without_an_orcid_gets_the_proven_one():
    user = UserFactory()
    person = PersonFactory(user=user)

    link_by_orcid(user, ORCID)

    person.refresh_from_db()
    assert person.orcid == ORCID


def test_signing_in_links_by_the_orcid_of_orcid_itself_only(client):
    person = PersonFactory(orcid=ORCID)
    user, impostor = MemberFactory(), MemberFactory()
    SocialAccount.objects.create(user=impostor, provider="veluwe", uid=ORCID)
    SocialAccount.objects.create(user=user, provider="orcid", uid=ORCID)

    client.post("/en/login/", {"username": impostor.username, "password": PASSWORD})
    assert person_of(impostor) is None
    client.logout()
    client.post("/en/login/", {"username": user.username, "password": PASSWORD})
    assert person_of(user) == person


def test_one_finds_oneself_and_claims(client):
    person = PersonFactory(given_name="Noor", family_name="van der Berg", other_names="N. v.d. Berg")
    PersonFactory(given_name="Noor", family_name="van der Berg", user=UserFactory())
    hidden = PersonFactory(given_name="Noor", family_name="van der Berg", is_listed=False)
    user = UserFactory(first_name="Noor", last_name="van der Berg")
    client.force_login(user)

    page = client.get(PROFILE).content.decode()
    assert f'value="{person.pk}"' in page
    assert f'value="{hidden.pk}"' not in page
    client.post(PROFILE, {"person": hidden.pk, "note": "me"})
    assert not user.claims.exists()
    client.post(PROFILE, {"person": person.pk, "note": "I work at Grijs"})
    assert user.claims.get().person == person
    assert "An editor is looking" in client.get(PROFILE).content.decode()


def test_editors_see_who_waits_and_decide(client):
    claim = claim_profile(UserFactory(first_name="Noor"), PersonFactory(), note="Ask Ada")
    waiting = UserFactory(awaits_approval=True, first_name="Wim", last_name="Wacht")
    EmailAddress.objects.create(user=waiting, email=waiting.email, verified=True, primary=True)
    unconfirmed = UserFactory(awaits_approval=True, first_name="Spam", last_name="Bot")
    client.force_login(EditorFactory())

    page = client.get(WAITING).content.decode()
    assert ("Ask Ada" in page, "Wim Wacht" in page, "Spam Bot" in page) == (True, True, False)
    assert "claim of a profile" in client.get("/admin/").content.decode()
    client.post(f"{WAITING}claims/{claim.pk}/", {"decision": "refuse"})
    assert ProfileClaim.objects.open().count() == 1
    client.post(f"{WAITING}claims/{claim.pk}/", {"decision": "confirm", "may_deposit": "yes"})
    client.post(f"{WAITING}accounts/{waiting.pk}/", {"approve": ""})
    waiting.refresh_from_db()
    unconfirmed.refresh_from_db()
    assert (waiting.awaits_approval, unconfirmed.awaits_approval) == (False, True)
    assert {message.to[0] for message in mail.outbox} == {claim.user.email, waiting.email}


def test_an_account_that_nobody_wants_goes(client):
    waiting, member = UserFactory(awaits_approval=True), MemberFactory()
    EmailAddress.objects.create(user=waiting, email=waiting.email, verified=True, primary=True)
    client.force_login(EditorFactory())

    client.post(f"{WAITING}accounts/{waiting.pk}/", {"turn_down": ""})
    answer = client.post(f"{WAITING}accounts/{member.pk}/", {"turn_down": ""})

    assert not User.objects.filter(pk=waiting.pk).exists()
    assert answer.status_code == 404
    assert User.objects.filter(pk=member.pk).exists()


@pytest.mark.parametrize("make_user", [None, UserFactory, MemberFactory, ResearcherFactory])
def test_nobody_else_decides(client, make_user):
    claim = claim_profile(UserFactory(), PersonFactory(), note="Ask Ada")
    if make_user:
        client.force_login(make_user())

    page = client.get(WAITING)
    client.post(f"{WAITING}claims/{claim.pk}/", {"decision": "confirm"})

    assert page.status_code == 302
    assert ProfileClaim.objects.open().count() == 1


def test_approving_tells_once():
    waiting = UserFactory(awaits_approval=True)

    approve_account(waiting)
    approve_account(waiting)

    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_does_not_undo_a_decision(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user, person = UserFactory(), PersonFactory()

    confirm_claim(claim_profile(user, person), by=EditorFactory(), may_deposit=False)

    assert Person.objects.get(pk=person.pk).user == user
