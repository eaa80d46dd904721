-- Closes the cursor. No parameters.
CLOSE archive
