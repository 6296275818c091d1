"""Tasters (品鉴官): places with paper codes, and the phone page that shows one dish at a time."""
