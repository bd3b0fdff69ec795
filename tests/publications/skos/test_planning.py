"""Bringing topics in: what would change is said first, one fault stops all of it, and what was not named stays."""

import pytest
from wagtail.models import ModelLogEntry

from publications.errors import FormatError
from publications.models import Topic
from publications.skos import Plan, apply_plan, plan_import, read_file
from tests.factories import EditorFactory, TopicFactory

pytestmark = pytest.mark.django_db


def plan_of(text: str, *, replaces: bool = False) -> Plan:
    return plan_import(read_file(text.encode(), "topics.csv"), replaces=replaces)


def faults(text: str) -> list[tuple[str, str]]:
    return [(fault.place, fault.text) for fault in plan_of(text).faults]


def test_the_plan_says_what_changes_field_by_field():
    TopicFactory(slug="hart", label_en="heart", label_nl="hart", synonyms_nl="cor")
    TopicFactory(slug="long", label_en="lung")

    plan = plan_of("slug,label_en,synonyms_nl,broader\nhart,heart,pomp|cor,lung\nlong,lung,,\n,valve,,heart\n")

    assert [(change.name, change.is_new) for change in plan.changes] == [("heart", False), ("valve", True)]
    assert [(field.name, field.before, field.after) for field in plan.changes[0].fields] == [
        ("synonyms_nl", "cor", "cor\npomp"),
        ("broader", "", "lung"),
    ]
    assert (plan.unchanged, plan.faults, Topic.objects.count()) == (1, (), 2)


def test_what_the_file_lacks_stays_unless_it_is_to_go():
    topic = TopicFactory(
        slug="hart", label_en="heart", label_nl="hart", synonyms_en="cor\npump", definition_en="Beats."
    )
    topic.related.add(TopicFactory())
    text = "slug,label_en,synonyms_en,definition_en,related\nhart,heart,pump,,\n"

    assert plan_of(text).changes == ()
    (change,) = plan_of(text, replaces=True).changes

    assert {field.name: field.after for field in change.fields} == {
        "synonyms_en": "pump",
        "definition_en": "",
        "related": "",
    }


def test_a_thousand_topics_with_a_typo_in_row_512_change_nothing():
    rows = [f",topic {number}," for number in range(1000)]
    rows[510] = ",topic 510,tpoic 1"
    text = "slug,label_en,broader\n" + "\n".join(rows)

    plan = plan_of(text)

    assert [fault.place for fault in plan.faults] == ["line 512"]
    assert "tpoic 1" in plan.faults[0].text
    with pytest.raises(FormatError):
        apply_plan(plan, user=None, file_name="topics.csv")
    assert Topic.objects.count() == 0
    mended = plan_of(text.replace("tpoic", "topic"))
    apply_plan(mended, user=None, file_name="topics.csv")
    assert Topic.objects.count() == 1000
    assert Topic.objects.get(label_en="topic 510").broader.label_en == "topic 1"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("label_en,label_nl\na,\n,\nb,b", None, ""),
        ("label_en,slug\n,x", "line 2", "has no label in English or Dutch"),
        (f"label_en\n{'x' * 101}", "line 2", "101 characters"),
        ("label_en,slug\na,a b", "line 2", "cannot stand in an address"),
        ("label_en,broader\na,b\nb,c\nc,a", "line 2", "“a” → “b” → “c” → “a”"),
        ("label_en,broader\na,a", "line 2", "would stand above itself"),
        ("label_en,related\na,nowhere", "line 2", "neither in the file nor a topic"),
        ('label_en,label_nl\na,\n"b\nb",\nb,,', "line 5", "has 3 cells and not 2"),
        ("label_en\na\nA", "line 2", "Another topic is called"),
        ("slug,label_en\nx,a\nx,b", "line 3", "there twice"),
        ("label_en,exact_matches\na,not an address", "line 2", "is not an address"),
        ("label_en,broader,related\na,b,b\nb,,", "line 2", "above or below it and beside it"),
    ],
)
def test_each_fault_has_its_line(text, line, words):
    found = faults(text)

    if line is None:
        assert found == []
    else:
        assert [place for place, told in found if words in told][:1] == [line], found


def test_a_tree_that_nobody_could_draw_is_a_fault():
    deep = "label_en,broader\n" + "\n".join(f"t{n},{f't{n - 1}' if n else ''}" for n in range(32))

    assert faults(deep) == [("line 33", "stands below 31 others; 30 are possible.")]


def test_a_name_that_another_topic_has_is_a_fault_before_the_database_says_so():
    TopicFactory(slug="other", label_en="Heart")
    TopicFactory(slug="mine", label_en="lung")

    assert faults("slug,label_en\nmine,heart") == [("line 2", "Another topic is called “heart”.")]
    assert faults("slug,label_en\nmine,Heart\nother,Lung") == []


def test_two_topics_may_swap_their_names():
    TopicFactory(slug="one", label_en="heart")
    TopicFactory(slug="two", label_en="lung")

    apply_plan(plan_of("slug,label_en\none,lung\ntwo,heart"), user=None, file_name="x.csv")

    assert dict(Topic.objects.values_list("slug", "label_en")) == {"one": "lung", "two": "heart"}


def test_a_merged_topic_is_what_it_became_and_an_old_address_still_names_it():
    kept = TopicFactory(slug="heart", label_en="heart")
    TopicFactory(slug="cor", label_en="cor", merged_into=kept)
    kept.slug = "hart"
    kept.save()

    for text in (
        "slug,label_en,label_nl\nheart,heart,hart",
        "slug,label_en,label_nl\ncor,heart,hart",
        "label_en,label_nl\ncor,hart",
    ):
        (change,) = plan_of(text).changes
        assert change.key == kept.pk


def test_the_history_tells_of_the_file():
    editor = EditorFactory()
    TopicFactory(slug="hart", label_en="heart")

    apply_plan(plan_of("slug,label_en,label_nl\nhart,heart,hart\n,lung,long"), user=editor, file_name="x.csv")

    entries = ModelLogEntry.objects.filter(action="publications.import_topic")
    assert sorted((entry.user, entry.message) for entry in entries) == [
        (editor, "Changed by the file “x.csv”"),
        (editor, "Made from the file “x.csv”"),
    ]


def test_records_of_a_changed_topic_are_indexed_again_and_the_old_address_leads_on(client):
    topic = TopicFactory(slug="heart", label_en="heart", definition_en="Beats.")

    apply_plan(plan_of("slug,label_en\nheart,Heart of the matter"), user=None, file_name="x.csv")

    topic.refresh_from_db()
    assert (topic.slug, topic.name) == ("heart", "Heart of the matter")
