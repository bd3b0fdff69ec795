"""Addresses of searching, below /{lang}/."""

from django.urls import path

from search import feeds, views
from search.alerts import views as alerts

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("experts/", views.experts, name="experts"),
    path("experts/shortlist/", views.shortlist, name="shortlist"),
    path("alerts/", alerts.keep, name="keep"),
    path("alerts/new/", alerts.new_alert, name="new_alert"),
    path("alerts/asked/", alerts.alert_asked, name="alert_asked"),
    path("alerts/confirm/<str:signed>/", alerts.confirm_alert, name="confirm_alert"),
    path("alerts/mine/<str:signed>/", alerts.my_alerts, name="my_alerts"),
    path("alerts/mine/<str:signed>/<int:pk>/", alerts.change_my_alert, name="change_my_alert"),
    path("alerts/end/<str:signed>/", alerts.end_alerts, name="end_alerts"),
    path("my/searches/", alerts.saved_searches, name="saved_searches"),
    path("my/searches/<int:pk>/", alerts.change_saved_search, name="change_saved_search"),
]

plain_urlpatterns = [
    path("feeds/records.atom", feeds.atom, name="records_feed"),
    path("feeds/search.atom", feeds.atom, name="search_feed"),
]
