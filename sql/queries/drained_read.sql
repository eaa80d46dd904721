-- What the drain left out of the figures, by reason, over all days. No parameters. -> reason, number
SELECT reason, sum(n) FROM drain_count GROUP BY reason ORDER BY reason
