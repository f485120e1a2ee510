"""Background work of the house itself."""

import logging

from procrastinate.contrib.django import app

logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="kernel.retry_stalled_jobs", queueing_lock="kernel.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context, timestamp):
    """Every five minutes: a job whose worker was killed starts again, else the lock that it holds blocks the next."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        logger.warning("Job %s (%s) lost its worker; it starts again.", job.id, job.task_name)
        await jobs.retry_job(job)
