"""Employers: invite one, send another link, end one. What an employer does is its own."""
