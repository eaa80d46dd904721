-- Gives back whatever task this session holds. No parameters.
SELECT pg_advisory_unlock_all()
