-- An item that anybody may know of. $1 site_id, $2 kind, $3 key. -> a row if so
SELECT 1 FROM content WHERE site_id = $1 AND kind = $2 AND key = $3 AND removed_at IS NULL AND NOT private
