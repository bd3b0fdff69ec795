"""Addresses of searching, below /{lang}/."""

from django.urls import path

from search import feeds, views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("experts/", views.experts, name="experts"),
    path("experts/shortlist/", views.shortlist, name="shortlist"),
]

plain_urlpatterns = [
    path("feeds/records.atom", feeds.atom, name="records_feed"),
    path("feeds/search.atom", feeds.atom, name="search_feed"),
]
