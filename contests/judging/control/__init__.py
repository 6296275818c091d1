"""The control room: who has handed in which sheet, the tablets, and what somebody has to decide.
States only: no mark and no entrant's name is ever read here."""
