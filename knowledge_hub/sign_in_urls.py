"""Signing in and out, below /{lang}/."""

from django.conf import settings
from django.contrib.auth import views
from django.urls import path

urlpatterns = [
    path(
        "login/",
        # Django's view would call the site by its host name.
        views.LoginView.as_view(redirect_authenticated_user=True, extra_context={"site_name": settings.SITE_NAME}),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
]
