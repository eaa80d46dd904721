-- Takes the task for this session if nobody has it. $1: task; $2: place. -> got it
SELECT pg_try_advisory_lock(hashtextextended('footfall task ' || $1 || ' ' || $2, 0))
