"""How the text of an article, a manuscript and a report looks: its fonts, sizes and spaces, in points."""

from publications.demo import styles
from publications.demo.flowables import Look


def article_look(width: float, *, language: str, accent: str) -> Look:
    """Two narrow columns: serif text, sans headings, captions and tables."""
    return Look(
        width=width,
        language=language,
        accent=accent,
        body=styles.body_style(11.2, 15.2),
        headings=(
            styles.style("h1", styles.SANS_BOLD, 10.4, 13, spaceBefore=11, spaceAfter=3, keepWithNext=1),
            styles.style("h2", styles.SANS_ITALIC, 9.6, 12, spaceBefore=7, spaceAfter=2, keepWithNext=1),
        ),
        caption=styles.style("caption", styles.SANS, 8, 10.4),
        cell=styles.style("cell", styles.SANS, 7.8, 9.8),
        reference=styles.style("reference", styles.SERIF, 9.2, 11.4, leftIndent=15, spaceAfter=2, bulletFontSize=9.2),
    )


def manuscript_look(width: float, *, language: str, accent: str) -> Look:
    """One column, all of it serif."""
    return Look(
        width=width,
        language=language,
        accent=accent,
        body=styles.body_style(11.8, 16.6),
        headings=(
            styles.style("h1", styles.SERIF_BOLD, 13, 16, spaceBefore=13, spaceAfter=4, keepWithNext=1),
            styles.style("h2", styles.SERIF_BOLD, 11, 14, spaceBefore=8, spaceAfter=2, keepWithNext=1),
        ),
        caption=styles.style("caption", styles.SERIF, 9.4, 11.8),
        cell=styles.style("cell", styles.SERIF, 9.6, 11.8),
        reference=styles.style("reference", styles.SERIF, 9.6, 12, leftIndent=18, spaceAfter=2, bulletFontSize=9.6),
        indent=12,
        figure_width=0.8,
    )


def report_look(width: float, *, language: str, accent: str) -> Look:
    """One column, ragged at the right, with space between the paragraphs."""
    hyphens = {"hyphenationLang": styles.hyphenate, "hyphenationMinWordLength": 9}
    return Look(
        width=width,
        language=language,
        accent=accent,
        body=styles.style("body", styles.SERIF, 11.6, 16.8, spaceAfter=7, **hyphens),
        headings=(
            styles.style("h1", styles.SANS_BOLD, 12.5, 16, spaceBefore=12, spaceAfter=4, keepWithNext=1),
            styles.style("h2", styles.SANS_BOLD, 10.2, 13, spaceBefore=7, spaceAfter=2, keepWithNext=1),
        ),
        caption=styles.style("caption", styles.SANS, 8.2, 10.6),
        cell=styles.style("cell", styles.SANS, 8.4, 10.6),
        reference=styles.style("reference", styles.SERIF, 9.4, 12, leftIndent=18, spaceAfter=2, bulletFontSize=9.4),
        indent=0,
        numbers_headings=False,
        figure_width=0.8,
    )
