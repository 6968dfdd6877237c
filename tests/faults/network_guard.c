/* Preloaded into a process and all its children: every connection, datagram and name look-up that would leave this
 * machine is refused and written to the file that NETWORK_GUARD_LOG names. It sits below Python, Rust and C alike. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void report(const char *what, const char *where) {
    const char *path = getenv("NETWORK_GUARD_LOG");
    if (!path) return;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (fd < 0) return;
    char line[512];
    int length = snprintf(line, sizeof line, "%s %s\n", what, where);
    if (write(fd, line, (size_t)length) < 0) { /* nowhere to say so */ }
    close(fd);
}

static int leaves(const struct sockaddr *address, char *text, socklen_t size) {
    if (!address) return 0;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &v4->sin_addr, text, size);
        return (ntohl(v4->sin_addr.s_addr) >> 24) != 127 && v4->sin_addr.s_addr != 0;
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &v6->sin6_addr, text, size);
        return !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) && !IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr);
    }
    return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (!real) real = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    char text[INET6_ADDRSTRLEN] = "";
    if (leaves(address, text, sizeof text)) {
        report("connect", text);
        errno = ENETUNREACH;
        return -1;
    }
    return real(fd, address, length);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
    static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "sendto");
    char text[INET6_ADDRSTRLEN] = "";
    if (leaves(address, text, sizeof text)) {
        report("sendto", text);
        errno = ENETUNREACH;
        return -1;
    }
    return real(fd, data, size, flags, address, length);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real)
        real = (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(RTLD_NEXT, "getaddrinfo");
    unsigned char number[sizeof(struct in6_addr)];
    if (node && strcmp(node, "localhost") && !inet_pton(AF_INET, node, number) && !inet_pton(AF_INET6, node, number)) {
        char host[256] = "";
        gethostname(host, sizeof host - 1);
        if (strcmp(node, host)) {
            report("getaddrinfo", node);
            return EAI_AGAIN;
        }
    }
    return real(node, service, hints, result);
}
