// A whole regular file, mapped read-only. Whoever holds the pointer keeps the mapping; the file's
// pages are read when touched and can be dropped again by the system. A file that another program
// truncates while it is mapped ends this one with SIGBUS, as with any mapping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

class MappedFile {
 public:
  // Throws Error(kCheckpoint): missing, unreadable, not a regular file, a loop of symbolic links.
  static std::shared_ptr<const MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::uint8_t* data() const { return data_; }  // page-aligned; null if the file is empty
  std::size_t size() const { return size_; }          // bytes
  const std::string& path() const { return path_; }

 private:
  MappedFile(std::string path, const std::uint8_t* data, std::size_t size);

  std::string path_;
  const std::uint8_t* data_;
  std::size_t size_;
};

// Gives back the memory of a mapped tensor that has been read; it is read again from the file if it
// is touched. Does nothing for tensors that are not mapped.
void release_pages(const TensorView& view);

}  // namespace lumina::checkpoint
