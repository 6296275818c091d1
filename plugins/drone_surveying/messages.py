"""What may be wrong with check points or their options, in words."""

from __future__ import annotations

from plugins import register_findings

register_findings(
    {
        "drone-height-limit-missing": "No standard limit for heights at 1:{scale} is known. Enter the limit that your regulations give.",
        "check-point-no-id": "Line {line} has no point id. Fill it in.",
        "check-point-twice": "Line {line}: point {point} is there twice. Keep one of them.",
        "check-point-no-reason": "Line {line}: point {point} is signed but has no reason for leaving it out. Write the reason or remove the signature.",
        "check-point-not-signed": "Line {line}: point {point} is left out without a signature. Have the referee sign it.",
        "check-point-not-gross": "Line {line}: point {point} is within twice the limit, so it is no gross error. Count it.",
        "check-point-too-fine": "Line {line}: {column} has more than six decimals of a metre. Export it rounded.",
        "check-point-far": "Line {line}: point {point} is more than a kilometre from its known place. Compare point numbers and the order of the axes.",
        "check-points-too-few": "Only {counted} check points count; at least {minimum} are needed. Measure more points.",
    }
)
