import pytest
from bs4 import BeautifulSoup
from django.test import Client

from publications.models import Topic
from publications.views.topics import Branch, build_tree
from tests.factories import (
    ContributionAffiliationFactory,
    ContributionFactory,
    EventFactory,
    OrganisationFactory,
    PersonFactory,
    PublicationFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_page_shows_labels_synonyms_and_the_tree(client: Client) -> None:
    ct = TopicFactory(label_en="CT", label_nl="Computertomografie", definition_en="Slices by X-ray.")
    low_dose = TopicFactory(label_en="Low-dose CT", synonyms_nl="Lagedosis-CT\n\nlage dosis", broader=ct)
    TopicFactory(label_en="Ultra-low-dose CT", broader=low_dose)

    above, page = (client.get(topic.get_absolute_url()) for topic in (ct, low_dose))

    assert "Slices by X-ray." in above.content.decode()
    assert '<dd lang="nl">Computertomografie</dd>' in above.content.decode()
    assert list(page.context["broader"]) == [ct]
    assert [topic.label_en for topic in page.context["narrower"]] == ["Ultra-low-dose CT"]
    assert '<dd class="quiet" lang="nl">Lagedosis-CT, lage dosis</dd>' in page.content.decode()


def test_page_shows_live_records_people_and_organisations(client: Client) -> None:
    topic, person, centre = TopicFactory(), PersonFactory(), OrganisationFactory()
    record = PublicationFactory(topics=[topic])
    contribution = ContributionFactory(record=record, person=person)
    ContributionAffiliationFactory(contribution=contribution, organisation=centre)
    PublicationFactory(topics=[topic], live=False, creators=[PersonFactory(family_name="Secretive")])

    answer = client.get(topic.get_absolute_url())

    assert [record.pk for record in answer.context["records"]] == [record.pk]
    assert [(item.person, item.records) for item in answer.context["people"]] == [(person, 1)]
    assert [(item.organisation, item.records) for item in answer.context["organisations"]] == [(centre, 1)]
    assert "Secretive" not in answer.content.decode()
    assert f'href="/en/search/?topic={topic.slug}"' in answer.content.decode()


def test_page_holds_what_is_on_narrower_topics(client: Client) -> None:
    imaging = TopicFactory(label_en="Imaging")
    ct = TopicFactory(label_en="CT", broader=imaging)
    low_dose = TopicFactory(label_en="Low-dose CT", broader=ct)
    person = PersonFactory()
    below = PublicationFactory(topics=[low_dose], creators=[person])
    both = PublicationFactory(topics=[imaging, low_dose])
    PublicationFactory(topics=[TopicFactory()]), PublicationFactory(topics=[low_dose], live=False)

    page, index = client.get(imaging.get_absolute_url()), client.get("/en/topics/")

    assert {record.pid for record in page.context["records"]} == {below.pid, both.pid}
    assert [(topic.label_en, topic.record_count) for topic in page.context["narrower"]] == [("CT", 2)]
    assert [item.person for item in page.context["people"]] == [person]
    assert {
        branch.topic.label_en: branch.topic.record_count
        for branches in index.context["letters"].values()
        for branch in branches
    }["Imaging"] == 2


def test_word_that_only_drafts_have_is_not_known(client: Client) -> None:
    topic = TopicFactory(label_en="secret merger")
    PublicationFactory(topics=[topic], live=False)

    assert client.get(topic.get_absolute_url()).status_code == 404
    assert "secret merger" not in client.get("/en/topics/").content.decode()


def test_merged_topic_leads_to_the_one_it_became(client: Client) -> None:
    kept = TopicFactory(label_en="Low-dose CT", label_nl="Lagedosis-CT")
    merged = TopicFactory(slug="ldct", merged_into=kept)

    answer = client.get(merged.get_absolute_url())

    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())


def test_topics_that_stand_above_each_other_are_answered(client: Client) -> None:
    one, two = TopicFactory(), TopicFactory()
    Topic.objects.filter(pk=one.pk).update(broader=two)
    Topic.objects.filter(pk=two.pk).update(broader=one)

    pages = [client.get(one.get_absolute_url()), client.get("/en/topics/")]

    assert [page.status_code for page in pages] == [200, 200]
    assert pages[1].content.decode().count(one.get_absolute_url()) == 1
    assert list(pages[0].context["broader"]) == [two]


def test_page_leads_to_related_topics_events_and_the_same_elsewhere(client: Client) -> None:
    event = EventFactory(title_en="Heart day")
    topic = TopicFactory(slug="heart", exact_matches="https://id.example/D006321\nurn:x:y")
    shown, unknown = TopicFactory(label_en="", label_nl="long"), TopicFactory(label_en="only on a draft")
    PublicationFactory(topics=[topic, shown], event=event)
    PublicationFactory(topics=[topic], event=EventFactory(title_en="Hidden day", live=False))
    topic.related.add(shown, unknown)

    page = BeautifulSoup(client.get("/en/topics/heart/").content, "html.parser")

    assert [link.get_text(strip=True) for link in page.select("section[aria-labelledby=related] a")] == ["long"]
    assert page.select_one("section[aria-labelledby=related] a [lang=nl]") is not None
    assert [link.get_text(strip=True) for link in page.select("section[aria-labelledby=events] a")] == ["Heart day"]
    assert [link["href"] for link in page.select("section[aria-labelledby=elsewhere] a")] == [
        "https://id.example/D006321"
    ]


def test_the_name_of_a_topic_in_files_leads_to_its_page(client: Client) -> None:
    topic = TopicFactory(slug="heart", label_en="heart", label_nl="hart")
    hidden = TopicFactory(slug="hidden")

    assert client.get("/topics/heart", headers={"accept-language": "nl"}).headers["Location"] == "/nl/topics/heart/"
    topic.slug = "the-heart"
    topic.save()
    assert client.get("/topics/heart").headers["Location"] == "/en/topics/the-heart/"
    assert client.get(f"/topics/{hidden.slug}").status_code == 404


def test_tree_is_sorted_by_label_at_each_level() -> None:
    broad, alone = Topic(pk=1, label_en="zeta"), Topic(pk=2, label_en="Álpha")
    narrow = [Topic(pk=3, label_en="b", broader_id=1), Topic(pk=4, label_en="A", broader_id=1)]
    orphan = Topic(pk=5, label_en="m", broader_id=99)

    tree = build_tree([broad, alone, *narrow, orphan])

    assert tree == (
        Branch(alone, ()),
        Branch(orphan, ()),
        Branch(broad, (Branch(narrow[1], ()), Branch(narrow[0], ()))),
    )


def test_index_counts_live_records(client: Client) -> None:
    topic = TopicFactory(label_en="Low-dose CT")
    PublicationFactory(topics=[topic]), PublicationFactory(topics=[topic], live=False)

    letters = client.get("/en/topics/").context["letters"]

    assert {letter: [branch.topic.record_count for branch in branches] for letter, branches in letters.items()} == {
        "L": [1]
    }


def test_lower_case_labels_stand_at_their_own_letter(client: Client) -> None:
    TopicFactory(label_en="low-dose CT", label_nl="lagedosis")

    assert list(client.get("/en/topics/").context["letters"]) == ["L"]


def test_pages_take_the_same_queries_for_one_and_for_three_records(
    client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> Topic:
        topic = TopicFactory()
        for _ in range(number):
            record = PublicationFactory(topics=[topic], creators=[PersonFactory()], event=EventFactory())
            topic.related.add(TopicFactory(label_nl="x"))
            ContributionAffiliationFactory(contribution=record.contributions.first())
            TopicFactory(broader=topic)
        return topic

    one, three = add(1), add(3)
    client.get(one.get_absolute_url())

    with django_assert_max_num_queries(30) as counted:
        client.get(one.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(three.get_absolute_url())
