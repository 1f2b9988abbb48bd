import os
import sys

import django
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from .forms import EntryForm
from .models import Entry

NEWEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def entries(request):
    """The book: what others wrote, and the form. A valid form is answered with a redirect, so that a reload does not write twice."""
    if request.method == "POST":
        form = EntryForm(request.POST, request.FILES)
        if form.is_valid():
            entry = form.save()
            request.session["name"] = entry.name
            messages.success(request, "Thank you, %s." % entry.name)
            return redirect("entries")
    else:
        form = EntryForm(initial={"name": request.session.get("name", "")})
        request.session["visits"] = request.session.get("visits", 0) + 1
    context = {"entries": Entry.objects.all()[:NEWEST], "form": form, "visits": request.session.get("visits", 0)}
    return render(request, "guestbook/entries.html", context)


@require_safe
def about(request):
    """Who answers: handy to watch workers take turns."""
    context = {
        "django": django.get_version(),
        "python": sys.version.split()[0],
        "executable": sys.executable,
        "pid": os.getpid(),
        "server": request.META.get("SERVER_SOFTWARE", ""),
        "multithread": request.META.get("wsgi.multithread"),
        "multiprocess": request.META.get("wsgi.multiprocess"),
    }
    return render(request, "guestbook/about.html", context)


@require_safe
def health(request):
    return HttpResponse("ok\n", content_type="text/plain")
