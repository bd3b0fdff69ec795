"""Addresses of the publications: those below /{lang}/ and those that stay the same in every language."""

from django.urls import URLPattern

app_name = "publications"
urlpatterns: list[URLPattern] = []
plain_urlpatterns: list[URLPattern] = []
