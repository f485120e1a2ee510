"""Who may do what with the reports of a loan; who sees a booking sees them (``sharing.see_booking``)."""

import rules

from maillage.directory.rules import acts_for


@rules.predicate
def acts_for_the_other_side(user, report):
    return acts_for(user, report.other_structure)


rules.add_perm("handovers.answer_report", acts_for_the_other_side)
