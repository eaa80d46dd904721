-- Takes numbers for new visits; batches follow each other, so they are consecutive. $1: how many. -> the last of them
SELECT setval('visit_id_seq', nextval('visit_id_seq') + $1::bigint - 1)
