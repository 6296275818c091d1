"""What stands on papers, by the code that templates and forms use; the catalogues translate it."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "draw_record": "Draw record",
    "check_in": "Check-in list",
    "marking_sheet": "Marking sheet",
    "summary": "Summary of marks",
    "result_list": "Result list",
    "correction": "Correction slip",
    "incident": "Incident record",
    "attendance": "Judges' attendance",
}
"""Kind of paper -> its name."""

WORDS: Mapping[str, str] = {
    "number": "No.",
    "code": "Work code",
    "entry_number": "Entry number",
    "delegation": "Delegation",
    "group": "Group",
    "names": "Names",
    "members": "Persons",
    "remark": "Remarks",
    "signature": "Signature",
    "date": "Date",
    "time": "Time of day",
    "arrived": "Arrived at",
    "left": "Left at",
    "identity": "Identity checked",
    "module": "Module",
    "place": "Place",
    "total": "Total",
    "prize": "Prize",
    "shared": "shared",
    "seat": "Judge's seat",
    "judge": "Judge",
    "role": "Duty",
    "modules": "Modules",
    "all": "all",
    "criterion_points": "Points by criterion",
    "by_judge": "Points given by each judge",
    "score": "Points scored",
    "maximum": "At most",
    "step": "In steps of",
    "mark": "Mark",
    "aspect": "Aspect",
    "what": "Event",
    "reason": "Reason",
    "asked_by": "Asked by",
    "confirmed_by": "Confirmed by",
    "old": "Mark before",
    "new": "Mark after",
    "day": "Day",
    "held_place": "Venue",
    "drawn_at": "Drawn at",
    "drawn_by": "Drawn by",
    "witness": "Witness",
    "practice": "practice, not counted",
    "sealed": "Seal of the draw",
    "version": "Version of the results",
    "fingerprint": "Fingerprint of the results",
    "round": "Round",
    "attempt": "Attempt",
    "reserve": "reserve",
    "none": "None",
    "work": "Work",
    "requirement": "Requirement",
}

NOTES: Mapping[str, str] = {
    "codes_only": "Codes stand for the entrants until the codes are opened; write no name on this paper.",
    "draw_by_hand": "Each entrant draws a code, writes it down and signs. Seal this paper until the codes are opened.",
    "hand_space": "What happened besides, to be written by hand:",
    "no_incident": "Nothing is on record.",
    "no_correction": "No mark was corrected. This form may be filled in by hand.",
    "not_all_marked": "Marking is not over: what is missing is empty.",
    "statement": "The judges confirm with their signatures that they were present and know the rules of the contest.",
}

STEPS: Mapping[str, str] = {
    "draw": "Draw",
    "check_in": "Check-in",
    "marking": "Marking",
    "closing": "End of marking",
    "signing": "Signing the results",
    "correcting": "Corrections",
}
"""The steps that papers belong to, in their order."""
