"""Topics that the text of a deposit speaks of: those whose labels or synonyms stand in it, most often first."""

import re
from collections import Counter
from collections.abc import Iterable

from publications.models import FilePage, RecordFile, Topic

MOST_TOPICS = 12
PAGES_READ = 12
SHORTEST_LABEL = 3


def propose_topics(files: Iterable[RecordFile], *, text: str = "") -> list[Topic]:
    """The topics of the hub that title, abstract or the first pages name.

    Longer labels first: where "cardiac MRI" stands, "MRI" is not counted by the same letters.
    """
    pages = FilePage.objects.filter(file__in=list(files), number__lte=PAGES_READ).values_list("text", flat=True)
    whole = "\n".join([text, *pages])
    topics = {topic.pk: topic for topic in Topic.objects.visible()}
    by_label = {
        label.casefold(): topic.pk
        for topic in topics.values()
        for label in (topic.name, *topic.all_labels)
        if len(label) >= SHORTEST_LABEL
    }
    if not by_label or not whole.strip():
        return []
    labels = "|".join(re.escape(label) for label in sorted(by_label, key=len, reverse=True))
    counts = Counter(
        by_label[match.casefold()] for match in re.findall(rf"(?<!\w)(?:{labels})(?!\w)", whole.casefold())
    )
    return [topics[pk] for pk, _count in counts.most_common(MOST_TOPICS)]
