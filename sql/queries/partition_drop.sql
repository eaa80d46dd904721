-- Drops the tables of one UTC day. $1: day. -> their names and sizes
SELECT footfall_partition_drop($1::date)
