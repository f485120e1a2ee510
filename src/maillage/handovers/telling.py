"""Letters of loans leave by a job, after commit."""

from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS


def tell(what, about, site):
    """Have the letters ``what`` (a key of ``post.LETTERS``) of a row leave; without ``site``, none."""
    if site:
        app.configure_task("handovers.tell", queue=LETTERS).defer(what=what, about=about.pk, site=site)
