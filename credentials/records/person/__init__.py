"""The person's record as a whole: training and mentoring, the timeline, records of one person that are
joined, and how long what is kept."""
