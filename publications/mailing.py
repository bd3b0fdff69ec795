"""Handing a mail to the mail server, so that no address of anybody gets into a log or an error.

What the mail server answers quotes the address that it was given; tracebacks of tasks are kept and shown. So its
answer ends here, and callers learn only whether the mail was taken, and whether to try again.
"""

from collections.abc import Sequence
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from publications.errors import MailFailed


class SmtpBackend(EmailBackend):
    """Django's way to a mail server, for every mail of the hub: what it raises has the server's code, not its words."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        failure: SMTPException
        try:
            return super().send_messages(email_messages) or 0
        except SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            failure = SMTPRecipientsRefused({f"recipient {place}": (code, b"") for place, code in enumerate(codes, 1)})
        except (SMTPDataError, SMTPSenderRefused) as error:
            failure = SMTPDataError(error.smtp_code, b"")
        raise failure  # outside the except clauses, so that it does not bring the first one along


def send_mail_to(address: str, subject: str, text: str, *, reply_to: str = "") -> None:
    """Send a plain text mail from the hub to one address.

    Programs are told that no person sent it, so that holiday messages do not answer. Raises MailFailed.
    """
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:
        failure = MailFailed(f"the mail server did not take it ({type(error).__name__})", is_final=_is_final(error))
    else:
        return
    raise failure  # outside the except clause: nothing leads back to the server's own words


def split_letter(letter: str) -> tuple[str, str]:
    """Subject and text of a rendered mail: its first line, and the rest."""
    subject, _break, text = letter.strip().partition("\n")
    return subject.strip(), text.strip()


def _is_final(error: Exception) -> bool:
    """Whether the server says that it never will (a code from 500 on), or the address is none."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return 550 <= error.smtp_code < 560
    return isinstance(error, ValueError)
