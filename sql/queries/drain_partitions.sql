-- Makes the partitions of UTC days where they are missing. $1: date[]
SELECT footfall_partition_make(day) FROM unnest($1::date[]) AS day
