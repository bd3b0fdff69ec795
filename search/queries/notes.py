"""Why a query was searched as plain words: the sentences that QuerySyntaxError carries."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


TOO_LONG = gettext_noop("The query is too long.")
TOO_MANY_WORDS = gettext_noop("The query has too many words.")
TOO_MANY_EXPANDED = gettext_noop("Too many words of the query have a *, ? or ~.")
TOO_DEEP = gettext_noop("The query has too many parentheses inside each other.")
OPEN_QUOTE = gettext_noop("A closing quotation mark is missing.")
EMPTY_QUOTE = gettext_noop("There is no word between the quotation marks.")
OPEN_PARENTHESIS = gettext_noop("A closing parenthesis is missing.")
STRAY_PARENTHESIS = gettext_noop("A closing parenthesis has no opening one.")
EMPTY_PARENTHESES = gettext_noop("There is no word between the parentheses.")
NO_OPERAND = gettext_noop("AND, OR and NOT need words beside them.")
NO_VALUE = gettext_noop("A word is missing after the colon.")
NO_YEAR = gettext_noop("A year looks like year:2019 or year:2015-2019.")
