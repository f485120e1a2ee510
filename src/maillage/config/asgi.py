"""The pages behind an ASGI server: Django in WSGI threads (half the processor time of async views, design.md § 3)."""

from a2wsgi import WSGIMiddleware

from maillage.config.wsgi import application as pages

application = WSGIMiddleware(pages, workers=16)  # type: ignore[arg-type]
