from django.urls import path

from pages import views

urlpatterns = [
    path("", views.front),
    path("count/", views.count),
    path("notes/", views.notes),
    path("upload/", views.upload),
]
