"""The addresses of the site, which are those of `django-exact`."""

from django.urls import include, path

urlpatterns = [path("exact/", include(("exact.urls", "exact")))]
