#include "checkpoint/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

#include "lumina/status.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kCopiedTogether = std::size_t{1} << 20;  // bytes

[[noreturn]] void fail_to_write(const std::string& path, int error) {
  throw Error(ErrorCode::kIo,
              path + ": cannot be written: " + std::generic_category().message(error));
}

}  // namespace

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
}

AtomicFile::AtomicFile(const std::string& path) : path_(path), temporary_(temporary_name(path)) {
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) fail_to_write(path_, errno);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::write(std::uint64_t offset, const void* data, std::size_t bytes) {
  const auto* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::pwrite(fd_, from, bytes, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail_to_write(path_, written < 0 ? errno : EIO);
    from += written;
    offset += static_cast<std::uint64_t>(written);
    bytes -= static_cast<std::size_t>(written);
  }
}

void AtomicFile::commit() {
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    discard();
    fail_to_write(path_, error);
  }
  temporary_.clear();
}

void AtomicFile::discard() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void write_text_file(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.write(0, text.data(), text.size());
  file.commit();
}

void copy_file(const std::string& from, const std::string& to) {
  const auto fail_to_read = [&](int error) {
    throw Error(ErrorCode::kIo,
                from + ": cannot be read: " + std::generic_category().message(error));
  };
  const int fd = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail_to_read(errno);
  const std::unique_ptr<const int, void (*)(const int*)> closed(
      &fd, [](const int* it) { ::close(*it); });
  AtomicFile file(to);
  std::vector<char> piece(kCopiedTogether);
  for (std::uint64_t offset = 0;;) {
    const ssize_t bytes = ::read(fd, piece.data(), piece.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) fail_to_read(errno);
    if (bytes == 0) break;
    file.write(offset, piece.data(), static_cast<std::size_t>(bytes));
    offset += static_cast<std::uint64_t>(bytes);
  }
  file.commit();
}

}  // namespace lumina::checkpoint
