"""What the findings of paper say in English; the catalogues beside this file translate them."""

from core.findings import register

SENTENCES = {"character-missing": "No font of this machine holds {character}."}

register(SENTENCES)
