"""The site's user model: Django's own, ours from the first migration so that it can grow."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who can sign in. Who they are in the publications is a Person, see people.py."""
