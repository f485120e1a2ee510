"""Where a register waits for its import: it holds homes and e-mail addresses, so apart from what the site shows."""

from uuid import uuid4

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class Uploads(FileSystemStorage):
    """A folder that only our account reads; no page serves it and no backup needs it."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self):
        return settings.UPLOADS_FOLDER

    @property
    def location(self):
        return str(self.base_location)


def some_name(instance, filename):
    """A name that says nothing and cannot be guessed."""
    return uuid4().hex
