"""Files that are sent to us: none larger than a limit is ever kept, not even for a moment."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep a file. One that grows too large is dropped while it is read;
    the rest of it is read and forgotten, and the request says so in `has_too_large_file`.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read += len(raw_data)
        if self.read > settings.MOST_UPLOAD_BYTES and self.request is not None:
            self.request.has_too_large_file = True  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler has the file."""
