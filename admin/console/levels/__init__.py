"""Skill levels: what people hold from elsewhere, and the numbers that an assessment body has given."""
