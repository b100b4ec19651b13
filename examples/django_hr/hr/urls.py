"""Where the views are."""

from django.urls import path

from hr import views

urlpatterns = [
    path("departments", views.begin),
    path("departments/<slug:name>/vacancies", views.offer),
]
