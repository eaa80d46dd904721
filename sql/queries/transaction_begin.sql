-- Begins a transaction. No parameters.
BEGIN
