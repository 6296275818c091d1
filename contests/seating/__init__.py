"""Who judges: the pool, conflicts of interest, drawing the judges, groups, and a judge who leaves."""
