"""Sentences of these rooms that stand in no template: what was done, and names made of parts."""

SAID = (
    "The competition is there. Now add its contests.",
    "The competition is changed.",
    "The venue is added.",
    "The venue is removed.",
    "The session is added.",
    "The session is removed.",
    "The contest is made. The next step is below.",
    "The contest is taken in whole.",
    "The template is deleted.",
    "The template is saved.",
    "The marking scheme is replaced.",
    "{count} contests are made.",
    "{count} contests are taken back.",
    "Saved.",
    "Saved. Scheme and rules were drafted again.",
    "Every duty is given to the two.",
)
SHARED = (
    "shared delegation",
    "shared employer",
    "shared school",
    "shared trainer",
    "shared studio",
)
FIELDS = ("First day", "Last day", "City or place", "Title")
