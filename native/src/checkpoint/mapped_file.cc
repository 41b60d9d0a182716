#include "checkpoint/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "checkpoint/foreign_file.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  switch (error) {
    case ENOENT: {
      struct stat link;
      if (::lstat(path.c_str(), &link) != 0) fail(path, "no such file");
      fail(path,
           "is a link to a file that is not there, as an unfinished download leaves it; fetch it "
           "with `" +
               pull_command(path) + "`");
    }
    case ENOTDIR: fail(path, "a part of this path is not a folder");
    case ELOOP: fail(path, "a loop of symbolic links");
    case EACCES: fail(path, "may not be read (permission denied)");
    default: fail(path, "cannot be read: " + std::generic_category().message(error));
  }
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  // Without O_NONBLOCK a named pipe would wait for a writer before fstat could refuse it.
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) fail_to_open(path, errno);
  struct stat status;
  if (::fstat(fd.get(), &status) != 0) fail_to_open(path, errno);
  if (S_ISDIR(status.st_mode)) fail(path, "is a folder, not a file");
  if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  const void* data = nullptr;
  if (size > 0) {
    data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (data == MAP_FAILED) {
      fail(path, "cannot be mapped: " + std::generic_category().message(errno));
    }
  }
  return std::shared_ptr<const MappedFile>(
      new MappedFile(path, static_cast<const std::uint8_t*>(data), size));
}

MappedFile::MappedFile(std::string path, const std::uint8_t* data, std::size_t size)
    : path_(std::move(path)), data_(data), size_(size) {}

void release_pages(const TensorView& view) {
  if (!view.mapped || !view.contiguous()) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t before = reinterpret_cast<std::uintptr_t>(view.data) % page;
  const std::uintptr_t bytes = view.numel() * element_size(view.dtype);
  // Pages shared with a neighbour stay.
  const std::uintptr_t skipped = (page - before) % page;
  if (bytes < skipped + page) return;
  auto* first = const_cast<std::uint8_t*>(static_cast<const std::uint8_t*>(view.data)) + skipped;
  ::madvise(first, (bytes - skipped) / page * page, MADV_DONTNEED);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

}  // namespace lumina::checkpoint
