/* respond204.c - the yardstick: libfcgi with a thread a connection, reads the request, answers 204, does nothing.
 *
 *   respond204 SOCKET THREADS */
#include <fcgiapp.h>

#include <pthread.h>
#include <stdlib.h>

static int listener;

static void *
serve(void *ctx)
{
	FCGX_Request request;
	char         body[8192];

	(void)ctx;
	FCGX_InitRequest(&request, listener, 0);
	while (FCGX_Accept_r(&request) >= 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) > 0)
			;
		FCGX_PutS("Status: 204 No Content\r\n\r\n", request.out);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 64;
	pthread_t     thread;

	if (argc < 2 || FCGX_Init() != 0)
		return 1;
	listener = FCGX_OpenSocket(argv[1], 1024);
	if (listener < 0)
		return 1;
	for (unsigned long i = 1; i < n; i++)
		if (pthread_create(&thread, NULL, serve, NULL) != 0)
			return 1;
	serve(NULL);
	return 0;
}
