"""What may be wrong with an identity document, in words."""

from __future__ import annotations

from plugins import register_findings

register_findings(
    {
        "document-kind-unknown": "“{kind}” is not a kind of document known here. Choose one of: {known}.",
        "mainland-id-format": "A mainland identity number has 17 digits and a digit or X. Compare it with the card.",
        "mainland-id-is-permit": "This number belongs to a residence permit, not to a mainland identity card. Choose that kind of document.",
        "mainland-id-date": "The date of birth in the number doesn't exist. Compare it with the card.",
        "mainland-id-check": "The last character doesn't fit the other 17. Compare the number with the card.",
        "hkid-format": "A Hong Kong identity number has one or two letters, six digits and a check digit in brackets. Compare it with the card.",
        "hkid-check": "The check digit in brackets doesn't fit the number. Compare it with the card.",
        "macao-bir-warning": "This is an unusual Macao identity number: most have eight digits and begin with 1, 5 or 7. Compare it with the card; it may be right.",
        "home-return-permit-format": "A Home Return Permit number is H or M, eight digits and perhaps two more. Compare it with the card.",
        "residence-permit-format": "A residence permit number has 17 digits and a digit or X. Compare it with the card.",
        "residence-permit-region": "A residence permit number begins with 810000 or 820000. Choose another kind of document or compare it with the card.",
    }
)
