"""Behind the scenes: the bot's log, jobs, faults and connections."""
