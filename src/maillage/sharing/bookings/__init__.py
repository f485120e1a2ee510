"""Bookings: what may be asked of an offer, what is free, and what people do with what they asked.

terms      what an offer lets one ask: days, hours, notice, length; no database
stock      how many are free, parts included; near-by times that are
services   ask, accept, refuse, cancel
lending    the rules that the owner sets, and their sentence
closures   times at which it is not lent
outside    the events of a calendar kept elsewhere, as closures
moments    morning, afternoon, evening
families   what an offer is part of and made of, locked together
parts      what an offer is made of, how many there are: promises follow, or the change is refused
series     many dates asked, answered, cancelled at once
letters    what is written to people of it, with the event for their calendar
"""
