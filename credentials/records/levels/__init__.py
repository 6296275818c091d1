"""Skill levels (职业技能等级): who may certify one, what its number says, who holds which."""
