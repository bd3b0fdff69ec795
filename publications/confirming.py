"""Links by which whoever reads an address's mail confirms it, or comes back without an account.

A link is good for one purpose: one that confirms a question cannot erase it. It carries the key of a row and never an
address, because links end up in logs and histories. Whether it was used is for that row to say: who follows it twice
should read what has happened, not an error. Programs that check mail follow links too, so a GET only shows a button.
"""

from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext as _

from publications.errors import LinkExpired, LinkInvalid


def sign_link(purpose: str, key: str | int) -> str:
    """What to put into an address so that `read_link` of the same purpose gives the key back.

    purpose: a name in the code, such as "contact.confirm". The result is safe in a path and changes every second.
    """
    return signing.dumps(str(key), salt=_salt(purpose))


def read_link(purpose: str, signed: str, *, lifetime: timedelta | None) -> str:
    """The key in a signed link; lifetime: how long it is good for, None for ever.

    Raises LinkExpired where its time is over, LinkInvalid where it was made for something else or is not ours.
    """
    try:
        key = signing.loads(signed, salt=_salt(purpose), max_age=lifetime)
    except signing.SignatureExpired:
        raise LinkExpired(_("This link has expired.")) from None
    except signing.BadSignature:
        raise LinkInvalid(_("This link is not complete. Copy all of it from the mail.")) from None
    return str(key)


def _salt(purpose: str) -> str:
    return f"publications.confirming.{purpose}"
