-- Are the roles of the programs there? No parameters. -> yes or no
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'footfall_stats')
