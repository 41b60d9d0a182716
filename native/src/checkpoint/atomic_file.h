// A file that appears whole or not at all: written under a temporary name in the same folder and
// renamed at the end. What is not committed is removed, also when an exception passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lumina::checkpoint {

class AtomicFile {
 public:
  // Creates the temporary file. All functions throw Error(kIo) with `path`.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Writes `bytes` bytes at `offset` from the start; gaps read as zeros.
  void write(std::uint64_t offset, const void* data, std::size_t bytes);
  // Moves the file into place, replacing what was there. Nothing may be written afterwards.
  void commit();

 private:
  void discard();

  std::string path_;
  std::string temporary_;
  int fd_ = -1;
};

// Writes a whole text file that way.
void write_text_file(const std::string& path, const std::string& text);

// Copies a regular file that way, its bytes alone. Throws Error(kIo) naming the file that fails.
void copy_file(const std::string& from, const std::string& to);

// A name beside `path` that no file has yet: "<path>.tmp-<process>-<count>".
std::string temporary_name(const std::string& path);

}  // namespace lumina::checkpoint
