"""From a result to a level, a title, a medal: what partners' rules ask, what they propose, and why."""
