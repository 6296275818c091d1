"""What may be wrong with an index, in words."""

from __future__ import annotations

from plugins import register_findings

register_findings(
    {
        "index-no-indicator": "There is no first-level indicator. Add at least one.",
        "index-nothing-below": "Nothing stands below indicator {code}. Add a second-level indicator that names it, or remove it.",
        "index-parent-unknown": "There is no first-level indicator “{parent}”. Known are {known}.",
        "index-weights-below": "The weights below indicator {code} add up to {sum}. They have to add up to its own weight, {weight}, or to 100.",
        "index-minimum-above-weight": "Nobody can reach {minimum} points: indicator {code} is worth {weight}. Lower the minimum.",
        "index-scale-off-step": "The highest mark {scale} can't be reached in steps of {step}. Change one of them.",
        "index-count-not-whole": "{scale} is no number of pieces. Write a whole number, 1 or more.",
        "index-shares-over-all": "Selected and shortlisted together are {sum} % of the candidates. Lower them to at most 100 %.",
    }
)
