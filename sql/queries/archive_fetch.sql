-- Some rows of the open cursor. No parameters.
FETCH 2000 FROM archive
