-- Makes the tables of one UTC day of events and visits. $1: day. -> whether one was missing
SELECT footfall_partition_make($1::date)
