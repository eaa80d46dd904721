/* hold.c - what systemd and spawn-fcgi do: usage: hold SOCKET PROGRAM ARGS... runs the program with a listener on
 * SOCKET as descriptor 0, so that servers may come and go while the socket stays. */
#include "serve/serve.h"

#include <unistd.h>

int
main(int argc, char **argv)
{
	int fd;

	if (argc < 3 || ff_listen_unix(argv[1], &fd) != FF_OK || dup2(fd, 0) != 0)
		return 99;
	execvp(argv[2], argv + 2);
	return 99;
}
