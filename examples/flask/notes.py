"""A note board, kept in a file, made by a factory as Flask's documentation advises."""

import json
import os
import tempfile

from flask import Flask, jsonify, redirect, render_template_string, request, url_for

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Notes</title><link rel="stylesheet" href="{{ url_for('static', filename='style.css') }}"></head>
<body>
<h1>Notes</h1>
<form method="post"><input name="text" maxlength="200" required autofocus> <button>Add</button></form>
<ul>{% for note in notes %}<li>{{ note }}</li>{% else %}<li>nothing yet</li>{% endfor %}</ul>
</body>
</html>
"""


def read_notes(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return []


def write_notes(path, notes):
    """By rename: another worker never reads half a file."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False, encoding="utf-8") as file:
        json.dump(notes, file)
    os.replace(file.name, path)


def create_app(path=None):
    app = Flask(__name__)
    path = path or os.environ.get("NOTES_FILE") or os.path.join(tempfile.gettempdir(), "oneserve-notes.json")

    @app.route("/", methods=["GET", "POST"])
    def notes():
        if request.method == "POST":
            text = request.form["text"].strip()
            if text:
                write_notes(path, ([text] + read_notes(path))[:50])
            return redirect(url_for("notes"))
        return render_template_string(PAGE, notes=read_notes(path))

    @app.route("/notes.json")
    def notes_json():
        return jsonify(read_notes(path))

    return app
