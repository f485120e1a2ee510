"""Bookings: what may be asked of an offer, what is free, and what people do with what they asked.

terms      what an offer lets one ask: days, hours, notice, length; no database
stock      how many are free, parts included; near-by times that are
services   ask, accept, refuse, cancel
letters    what is written to people of it, with the event for their calendar
"""
