from django.http import HttpResponse
from django.template import engines
from django.urls import path

PAGE = """<!doctype html><meta charset="utf-8">{% load static %}<title>loading</title>
<link rel="stylesheet" href="{% static 'site.css' %}"><script src="{% static 'site.js' %}"></script><img id="logo" src="{% static 'logo.svg' %}">"""


def page(request):
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("", page)]
