/*
 * Files as a kernel reads them: system calls, a virtual file system, a page cache, and a block device below it.
 *
 * Mark:  `block_read` alone and press F5: its lines in "Show Trace" are the reads that the page cache could not answer.
 *        Then mark `page_cache_get` too: every page asked for, and only the first time `block_read` behind it.
 *        Mark `vfs_read` with "Trace and Stop": ftrace_regs has the file in a0, the buffer in a1, the length in a2.
 * See:   the layers in the trace, each called by the one above:
 *            sys_openat <- main      do_sys_open <- sys_openat      vfs_open <- do_sys_open
 *            sys_read <- main        vfs_read <- sys_read           page_cache_get <- vfs_read
 *            page_cache_add <- page_cache_get                       block_read <- page_cache_add
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_SIZE = 64, PAGES = 6, FILES = 4, NO_FILE = -2, NO_DESCRIPTOR = -9, TOO_MANY = -24 };

struct inode {
  const char *name;
  uint32_t number;
  uint32_t size;
  uint32_t first_block;
};

struct file {
  const struct inode *inode;
  uint32_t position;
};

struct page {
  const struct inode *inode;
  uint32_t index;
  uint64_t last_use;
  char data[BLOCK_SIZE];
};

/* The disk: one block of text after the other. */
static const char disk[][BLOCK_SIZE] = {
    "Every function of this program starts with two instructions that",
    " do nothing. To trace it, the second is rewritten into a call.\n\n",
    "auipc t0, hi(ftrace_caller)\nnop        # or: jalr t0, lo(t0)\n\n",
    "One page, read again and again, comes from the disk just once.\n\n",
};

static const struct inode inodes[] = {
    {"/etc/motd", 11, 2 * BLOCK_SIZE, 0},
    {"/boot/call-site", 12, BLOCK_SIZE, 2},
    {"/var/log/cache", 13, BLOCK_SIZE, 3},
};

static struct file open_files[FILES];
static struct page cache[PAGES];
static uint64_t clock_ticks, hits, misses;

/* The device. */

static void block_read(uint32_t block, char *data) {
  memcpy(data, disk[block], BLOCK_SIZE); /* break: block_read */
}

/* The page cache. */

static struct page *page_cache_lookup(const struct inode *inode, uint32_t index) {
  for (int i = 0; i < PAGES; i++) {
    if (cache[i].inode == inode && cache[i].index == index) return &cache[i];
  }
  return NULL;
}

static struct page *page_cache_evict(void) {
  struct page *oldest = &cache[0];
  for (int i = 1; i < PAGES; i++) {
    if (cache[i].last_use < oldest->last_use) oldest = &cache[i];
  }
  return oldest;
}

static struct page *page_cache_add(const struct inode *inode, uint32_t index) {
  struct page *page = page_cache_evict();
  page->inode = inode;
  page->index = index;
  block_read(inode->first_block + index, page->data);
  return page; /* break: page_cache_add */
}

static struct page *page_cache_get(const struct inode *inode, uint32_t index) {
  struct page *page = page_cache_lookup(inode, index);
  if (page) {
    hits++; /* break: cache hit */
  } else {
    misses++; /* break: cache miss */
    page = page_cache_add(inode, index);
  }
  page->last_use = ++clock_ticks;
  return page;
}

/* The virtual file system. */

static const struct inode *path_lookup(const char *path) {
  for (size_t i = 0; i < sizeof inodes / sizeof *inodes; i++) {
    if (strcmp(inodes[i].name, path) == 0) return &inodes[i];
  }
  return NULL;
}

static int vfs_open(const char *path, struct file *file) {
  const struct inode *inode = path_lookup(path);
  if (!inode) return NO_FILE;
  file->inode = inode;
  file->position = 0;
  return 0;
}

static long vfs_read(struct file *file, char *buffer, size_t length) {
  size_t done = 0;
  while (done < length && file->position < file->inode->size) { /* break: vfs_read */
    struct page *page = page_cache_get(file->inode, file->position / BLOCK_SIZE);
    size_t offset = file->position % BLOCK_SIZE;
    size_t part = BLOCK_SIZE - offset;
    if (part > length - done) part = length - done;
    memcpy(buffer + done, page->data + offset, part);
    done += part;
    file->position += part;
  }
  return (long)done;
}

static void vfs_close(struct file *file) {
  file->inode = NULL;
}

/* The system calls. */

static struct file *fdget(int descriptor) {
  if (descriptor < 0 || descriptor >= FILES || !open_files[descriptor].inode) return NULL;
  return &open_files[descriptor];
}

static int get_unused_fd(void) {
  for (int descriptor = 0; descriptor < FILES; descriptor++) {
    if (!open_files[descriptor].inode) return descriptor;
  }
  return TOO_MANY;
}

static int do_sys_open(const char *path) {
  int descriptor = get_unused_fd();
  if (descriptor < 0) return descriptor;
  int error = vfs_open(path, &open_files[descriptor]);
  return error ? error : descriptor;
}

static int sys_openat(const char *path) {
  return do_sys_open(path); /* break: sys_openat */
}

static long sys_read(int descriptor, char *buffer, size_t length) {
  struct file *file = fdget(descriptor);
  return file ? vfs_read(file, buffer, length) : NO_DESCRIPTOR;
}

static long sys_close(int descriptor) {
  struct file *file = fdget(descriptor);
  if (!file) return NO_DESCRIPTOR;
  vfs_close(file);
  return 0;
}

/* A program that reads files, some of them several times. */

static long read_file(const char *path) {
  int descriptor = sys_openat(path);
  if (descriptor < 0) {
    printf("%s: error %d\n", path, -descriptor);
    return descriptor;
  }
  char buffer[24];
  long total = 0;
  for (long length; (length = sys_read(descriptor, buffer, sizeof buffer)) > 0;) total += length;
  sys_close(descriptor);
  return total;
}

int main(void) {
  static const char *const paths[] = {"/etc/motd", "/boot/call-site", "/var/log/cache", "/no/such/file"};
  long total = 0;
  for (int round = 1; round <= 3; round++) {
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
      long length = read_file(paths[i]);
      if (length > 0) total += length;
    }
    printf("round %d: %ld bytes read, %lu pages from the cache, %lu from the disk\n", round, total, hits, misses); /* break: round */
  }
  return 0;
}
