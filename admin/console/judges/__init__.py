"""The judges' room: the pool, declared interests, the draw, groups, and a judge who leaves."""
