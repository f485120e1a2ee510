"""Needs gathered into pools: a job, a purchase or a piece of equipment that several structures share."""
