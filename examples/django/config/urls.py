from django.urls import path

from guestbook import views

urlpatterns = [
    path("", views.entries, name="entries"),
    path("about/", views.about, name="about"),
    path("healthz", views.health, name="health"),
]
