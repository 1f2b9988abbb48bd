import os

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render

from .models import Note


def front(request):
    """What a page usually costs: the session is looked up, the newest notes are read, a template is rendered."""
    return render(request, "front.html", {"visits": request.session.get("visits", 0), "notes": Note.objects.all()[:10]})


def count(request):
    """Counts in the session."""
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(str(request.session["visits"]), content_type="text/plain")


def notes(request):
    """A form under CSRF protection."""
    if request.method == "POST":
        Note.objects.create(author=request.POST["author"], text=request.POST["text"])
        return redirect("/")
    return render(request, "notes.html")


def upload(request):
    """A file into the media directory."""
    if request.method != "POST":
        return render(request, "upload.html")
    file = request.FILES.get("file")
    if file is None:
        return HttpResponseBadRequest("no file")
    with open(os.path.join(settings.MEDIA_ROOT, os.path.basename(file.name)), "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return HttpResponse(str(file.size), content_type="text/plain")
