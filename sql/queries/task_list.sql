-- How each task went last, anywhere. -> task, place, last success, failures in a row, last error, due
SELECT task, place, last_ok_at, failures, last_error, due_at
FROM task
ORDER BY task, place
