"""Pages travel compressed: a quarter of their weight."""

from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Files, sent as they are read, stay as they are: pictures are compressed already.

    Each answer is padded at random, so that its length tells nothing of what it holds (BREACH).
    """

    def process_response(self, request, response):
        return response if response.streaming else super().process_response(request, response)
