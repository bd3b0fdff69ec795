"""Between LaTeX, as bibliographies write it, and plain text."""

import logging
import re
from functools import cache

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from publications.formats.base import clean, clean_paragraphs

# pylatexenc tells every macro that it cannot fill in; such text is kept as it stands.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " "}
LIGATURE = re.compile("|".join(map(re.escape, LIGATURES)))

# A dollar sign opens mathematics only where nothing blank follows and another one closes it that follows nothing
# blank and stands before no digit (the rule of Pandoc): "between $5 and $10" is about money.
TOKEN = re.compile(
    r"\\(?:[a-zA-Z]+|.)|\$\$?(?=\S)(?:[^$\\]|\\.)*?(?<=[^\s\\])\$\$?(?!\d)|[$%&#]",
    re.DOTALL,
)

MACROS = [
    MacroTextSpec("textbraceleft", "{"),
    MacroTextSpec("textbraceright", "}"),
    MacroTextSpec("textasciicircum", "^"),
    MacroTextSpec("url", simplify_repl="%s"),
    MacroTextSpec("cite", simplify_repl=""),
]


@cache
def _converter() -> LatexNodes2Text:
    context = get_default_latex_context_db()
    context.add_context_category("bibliographies", prepend=True, macros=MACROS)
    return LatexNodes2Text(latex_context=context, math_mode="text")


# In bibliographies a bare % is a percent sign far more often than it begins a comment, which would lose the line. So
# these signs, escaped or bare, pass as characters that no text has, and most abstracts need no LaTeX parser at all.
SIGNS = {"$": "\ufdd0", "%": "\ufdd1", "&": "\ufdd2", "#": "\ufdd3", "_": "\ufdd4"}
SIGN_BY_MASK = str.maketrans({mask: sign for sign, mask in SIGNS.items()})


def _mask_sign(match: re.Match[str]) -> str:
    return SIGNS.get(match.group().removeprefix("\\"), match.group())


def _convert(source: str) -> str:
    masked = TOKEN.sub(_mask_sign, source)
    if not re.search(r"[\\$]", masked):
        # Nearly every value: braces alone keep capitals, and keep {-}{-} from being joined to a dash.
        text = re.sub(r"[{}]", "", LIGATURE.sub(lambda match: LIGATURES[match.group()], masked))
        return text.translate(SIGN_BY_MASK)
    try:
        return _converter().latex_to_text(masked).translate(SIGN_BY_MASK)
    except (IndexError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        # pylatexenc 2 stumbles over unfinished macros (\verb, \href{}) and deep nesting: better the bare words.
        return re.sub(r"[{}]", "", source)


def to_text(source: str) -> str:
    """LaTeX as plain text on one line: accents and symbols as characters, no markup."""
    return clean(_convert(source))


def to_paragraphs(source: str) -> str:
    """As `to_text`, with blank lines between paragraphs kept."""
    paragraphs = (to_text(paragraph) for paragraph in re.split(r"\n[ \t]*\n", source))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


# Braces are named, not escaped: BibTeX, biber and pybtex count \{ as a brace when they look for the end of a value.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "$&%#_"},
}
ESCAPE = re.compile("[" + re.escape("".join(ESCAPES)) + "]")
# What LaTeX would join to another sign, or a reader take for the start of an entry.
JOINED = re.compile(r"-(?=-)|`(?=`)|'(?=')|[!?](?=`)|^@", re.MULTILINE)


def from_text(text: str) -> str:
    """Plain text as LaTeX, escaped only where LaTeX needs it: the rest stays UTF-8, as biber and XeTeX read it."""
    escaped = ESCAPE.sub(lambda match: ESCAPES[match.group()], text)
    return JOINED.sub(lambda match: "{" + match.group() + "}", escaped)


def from_paragraphs(text: str) -> str:
    """As `from_text`, paragraph by paragraph."""
    return from_text(clean_paragraphs(text))
