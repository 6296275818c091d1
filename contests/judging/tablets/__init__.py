"""Shared tablets: enrolment, sessions, who signs in on which, their life signs and their pictures.

A tablet is a `Device` with one key that signs for every judge who was admitted on it (`TabletJudge`).
"""
