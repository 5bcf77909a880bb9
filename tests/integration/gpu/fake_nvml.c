/* A driver library with the few calls that reading memory takes. FAKE_NVML says how it fails. */

#include <stdlib.h>
#include <string.h>

#define MB (1024ULL * 1024ULL)

enum { OK = 0, NOT_SUPPORTED = 3, NO_PERMISSION = 4, NOT_FOUND = 6, LOST = 15 };

typedef struct { unsigned long long total, free, used; } Memory;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } Memory2;

/* Handles of two GPUs, and of the two slices of the first. */
static char handles[4];

static int is(const char *mode) {
    const char *told = getenv("FAKE_NVML");
    return told && !strcmp(told, mode);
}

/* FAKE_NVML=<number> fails at the start with that error. */
static int start(void) {
    const char *told = getenv("FAKE_NVML");
    return told ? atoi(told) : OK;
}

int nvmlInit_v2(void) { return start(); }
int nvmlInitWithFlags(unsigned int flags) { (void)flags; return start(); }
int nvmlShutdown(void) { return OK; }

int nvmlDeviceGetCount_v2(unsigned int *count) {
    *count = is("none") ? 0 : 2;
    return OK;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **handle) {
    if (index == 0 && is("lost")) return LOST;
    *handle = &handles[index];
    return OK;
}

int nvmlDeviceGetUUID(void *handle, char *uuid, unsigned int size) {
    static const char *names[] = {"GPU-aaaa", "GPU-bbbb", "MIG-cccc", "MIG-dddd"};
    strncpy(uuid, names[(char *)handle - handles], size);
    return OK;
}

int nvmlDeviceGetMigMode(void *handle, unsigned int *now, unsigned int *later) {
    if (handle != &handles[0] || !is("sliced")) return NOT_SUPPORTED;
    *now = *later = 1;
    return OK;
}

int nvmlDeviceGetMaxMigDeviceCount(void *handle, unsigned int *count) {
    (void)handle;
    *count = 7;
    return OK;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *handle, unsigned int index, void **slice) {
    (void)handle;
    if (index > 1) return NOT_FOUND;
    *slice = &handles[2 + index];
    return OK;
}

static int trouble(void *handle) {
    if (is("unified")) return NOT_SUPPORTED;
    if (handle == &handles[0] && is("lost while read")) return LOST;
    if (is("forbidden")) return NO_PERMISSION;
    return OK;
}

/* What the driver keeps for itself counts as used. */
int nvmlDeviceGetMemoryInfo(void *handle, Memory *memory) {
    if (trouble(handle)) return trouble(handle);
    memory->total = is("blank") ? 0 : 8192 * MB;
    memory->free = is("blank") ? 0 : is("full") ? 0 : 5000 * MB;
    memory->used = memory->total - memory->free;
    return OK;
}

#ifndef OLD_DRIVER
int nvmlDeviceGetMemoryInfo_v2(void *handle, Memory2 *memory) {
    if (trouble(handle)) return trouble(handle);
    if (is("versions")) return 25;
    Memory plain;
    nvmlDeviceGetMemoryInfo(handle, &plain);
    memory->total = plain.total;
    memory->reserved = is("blank") ? 0 : 192 * MB;
    memory->free = plain.free;
    memory->used = plain.used - memory->reserved;
    return OK;
}
#endif
