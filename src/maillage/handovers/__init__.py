"""What happens to a lent thing between its two owners of the day: handed over, given back, late, damaged, looked after.

loans      what is out of a booking, and what keeps it from being handed over
services   write the report of a hand-over or of a return, answer it
reminding  what ends, what is late, who comes next: told once, whatever is killed
letters    what the other side, and those who are late, are told
"""
