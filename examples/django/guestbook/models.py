from django.core.validators import FileExtensionValidator
from django.db import models

PICTURES = ["png", "jpg", "jpeg", "gif", "webp"]


class Entry(models.Model):
    name = models.CharField(max_length=60)
    text = models.TextField(max_length=1000)
    picture = models.FileField(upload_to="pictures", blank=True, validators=[FileExtensionValidator(PICTURES)])
    written = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-written"]

    def __str__(self):
        return "%s, %s" % (self.name, self.written)
