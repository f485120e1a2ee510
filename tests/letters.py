"""The post: what the background jobs of letters would send, sent now."""

import re

from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.accounts.services import LETTERS


def deliver():
    """Run the jobs that wait for the post, and those that they leave, and return the messages that left."""
    already = len(mail.outbox)
    while jobs := list(ProcrastinateJob.objects.filter(queue_name=LETTERS, status="todo").order_by("pk")):
        forget_jobs()
        for job in jobs:
            app.tasks[job.task_name](**job.args)
    return mail.outbox[already:]


def forget_jobs():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [LETTERS])


def address_in(message, site="http://testserver"):
    """The path of the first address of ours that the text of a message names."""
    return re.search(rf"{re.escape(site)}(/\S+)", message.body)[1]
