"""A page's text falls into paragraphs for the reader."""

from search.reader import split_paragraphs

PAGE = """2
Short-axis cine
Volumes signed
3 What was changed
At end diastole the network drew 4,684 contours. Readers changed 128 of
them, and in 97 examinations nothing was changed at
all.
The base is where the questions are. In the most basal slice the network
must decide whether the grey crescent in front of it is a ventricle.
"""


def test_a_short_line_ends_a_paragraph_and_short_lines_stay_together():
    assert list(split_paragraphs(PAGE)) == [
        "2 Short-axis cine Volumes signed 3 What was changed",
        "At end diastole the network drew 4,684 contours. Readers changed 128 of them, and in 97 examinations nothing "
        "was changed at all.",
        "The base is where the questions are. In the most basal slice the network must decide whether the grey "
        "crescent in front of it is a ventricle.",
    ]


def test_empty_lines_end_paragraphs_and_nothing_is_lost():
    assert list(split_paragraphs("one\n\ntwo\n")) == ["one", "two"]
    assert list(split_paragraphs("")) == []
