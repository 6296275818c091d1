"""From marks to places, exactly. Standard library only; knows no database, no HTTP, no name."""

from core.scoring.check import check, check_panel
from core.scoring.check_rules import check_rules
from core.scoring.check_scheme import check_scheme
from core.scoring.engine import ENGINE_VERSION, score, standings
from core.scoring.explain import Step, explain
from core.scoring.obstacles import obstacles
from core.scoring.teams import TeamResult, rank_teams, team_results, unresolved_teams

__all__ = [
    "ENGINE_VERSION",
    "Step",
    "TeamResult",
    "check",
    "check_panel",
    "check_rules",
    "check_scheme",
    "explain",
    "obstacles",
    "rank_teams",
    "score",
    "standings",
    "team_results",
    "unresolved_teams",
]
