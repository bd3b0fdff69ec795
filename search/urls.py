"""Addresses of searching, below /{lang}/."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("experts/", views.experts, name="experts"),
    path("experts/shortlist/", views.shortlist, name="shortlist"),
]
