-- The values of a property of single events. $1: site_id, $2: the property, $3: from, $4: to (not included) -> 0, text
SELECT 0, props ->> $2 FROM event WHERE site_id = $1 AND ts >= $3 AND ts < $4 AND robot = 0 AND props ->> $2 IS NOT NULL
GROUP BY props ->> $2
