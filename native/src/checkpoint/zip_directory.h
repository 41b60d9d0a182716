// The table of contents of a zip archive whose entries are stored uncompressed, which is what
// torch.save writes. Sizes and offsets come from the central directory (also in zip64 form); local
// headers are only asked where their data begins.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "checkpoint/mapped_file.h"

namespace lumina::checkpoint {

struct ZipEntry {
  const std::uint8_t* data;  // inside the mapped file
  std::uint64_t size;        // bytes
};

class ZipDirectory {
 public:
  // Throws Error(kCheckpoint): truncated, entries outside the file, compressed or encrypted
  // entries, names that leave the archive, duplicate names, an absurd number of entries. `file`
  // must outlive the entries.
  explicit ZipDirectory(const MappedFile& file);

  const std::map<std::string, ZipEntry>& entries() const { return entries_; }

 private:
  std::map<std::string, ZipEntry> entries_;
};

}  // namespace lumina::checkpoint
