#include "checkpoint/zip_directory.h"

#include <algorithm>
#include <sstream>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

// Signatures and fixed lengths of the records, from PKWARE's APPNOTE.
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::uint64_t kLocalHeaderBytes = 30;
constexpr std::uint64_t kCentralHeaderBytes = 46;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kEnd64LocatorBytes = 20;
constexpr std::uint64_t kMaxCommentBytes = 0xffff;
constexpr std::uint16_t kZip64ExtraId = 1;
// "Look in the zip64 record": the largest value of a field.
constexpr std::uint64_t kSaturated16 = 0xffff;
constexpr std::uint64_t kSaturated32 = 0xffffffff;

constexpr std::uint64_t kMaxEntries = 1'000'000;

// Little-endian reads with a range check.
class Bytes {
 public:
  explicit Bytes(const MappedFile& file) : file_(file) {}

  bool has(std::uint64_t offset, std::uint64_t count) const {
    return offset <= file_.size() && count <= file_.size() - offset;
  }

  template <typename Value>
  Value read(std::uint64_t offset) const {
    if (!has(offset, sizeof(Value))) fail(file_.path(), "zip record is truncated");
    Value value = 0;
    for (std::size_t i = 0; i < sizeof(Value); ++i) {
      value |= static_cast<Value>(static_cast<Value>(file_.data()[offset + i]) << (8 * i));
    }
    return value;
  }
  std::uint64_t u16(std::uint64_t offset) const { return read<std::uint16_t>(offset); }
  std::uint64_t u32(std::uint64_t offset) const { return read<std::uint32_t>(offset); }
  std::uint64_t u64(std::uint64_t offset) const { return read<std::uint64_t>(offset); }

  std::string text(std::uint64_t offset, std::uint64_t count) const {
    if (!has(offset, count)) fail(file_.path(), "zip record is truncated");
    return std::string(reinterpret_cast<const char*>(file_.data()) + offset, count);
  }

 private:
  const MappedFile& file_;
};

// Where the central directory lies and how much it holds.
struct Directory {
  std::uint64_t count;
  std::uint64_t bytes;
  std::uint64_t offset;
};

class DirectoryReader {
 public:
  explicit DirectoryReader(const MappedFile& file) : file_(file), bytes_(file) {}

  std::map<std::string, ZipEntry> read() const {
    const Directory directory = find_directory();
    std::map<std::string, ZipEntry> entries;
    std::uint64_t position = directory.offset;
    const std::uint64_t end = directory.offset + directory.bytes;
    for (std::uint64_t i = 0; i < directory.count; ++i) {
      if (position + kCentralHeaderBytes > end || bytes_.u32(position) != kCentralHeader) {
        fail(path(), "the zip directory is damaged");
      }
      const std::uint64_t name_bytes = bytes_.u16(position + 28);
      const std::uint64_t extra_bytes = bytes_.u16(position + 30);
      const std::uint64_t next =
          position + kCentralHeaderBytes + name_bytes + extra_bytes + bytes_.u16(position + 32);
      if (next > end) fail(path(), "the zip directory is damaged");
      const std::string name = bytes_.text(position + kCentralHeaderBytes, name_bytes);
      check_name(name);
      const ZipEntry entry = read_entry(position, name, directory.offset);
      if (!entries.emplace(name, entry).second) {
        fail(path(), "holds zip entry " + quoted(name) + " twice");
      }
      position = next;
    }
    return entries;
  }

 private:
  const std::string& path() const { return file_.path(); }

  // The end record is the last thing in the file but for a comment of a stated length.
  std::uint64_t find_end_record() const {
    if (file_.size() >= kEndBytes) {
      const std::uint64_t last = file_.size() - kEndBytes;
      const std::uint64_t first = last > kMaxCommentBytes ? last - kMaxCommentBytes : 0;
      for (std::uint64_t offset = last + 1; offset-- > first;) {
        if (bytes_.u32(offset) == kEnd &&
            offset + kEndBytes + bytes_.u16(offset + 20) == file_.size()) {
          return offset;
        }
      }
    }
    fail(path(), "has no zip directory at its end; the file is truncated or damaged");
  }

  Directory find_directory() const {
    const std::uint64_t end = find_end_record();
    Directory directory{bytes_.u16(end + 10), bytes_.u32(end + 12), bytes_.u32(end + 16)};
    const bool zip64 =
        end >= kEnd64LocatorBytes && bytes_.u32(end - kEnd64LocatorBytes) == kEnd64Locator;
    if (zip64) {
      const std::uint64_t record = bytes_.u64(end - kEnd64LocatorBytes + 8);
      if (!bytes_.has(record, kEnd64Bytes) || bytes_.u32(record) != kEnd64) {
        fail(path(), "the zip64 end record is damaged");
      }
      if (directory.count == kSaturated16) directory.count = bytes_.u64(record + 32);
      if (directory.bytes == kSaturated32) directory.bytes = bytes_.u64(record + 40);
      if (directory.offset == kSaturated32) directory.offset = bytes_.u64(record + 48);
    }
    if (!bytes_.has(directory.offset, directory.bytes) ||
        directory.offset + directory.bytes > end) {
      fail(path(), "the zip directory lies outside the file");
    }
    if (directory.count > kMaxEntries || directory.count > directory.bytes / kCentralHeaderBytes) {
      fail(path(),
           "claims an absurd number of zip entries (" + std::to_string(directory.count) + ")");
    }
    return directory;
  }

  // Nothing is ever unpacked, but a name that tries to leave its folder is no honest file's.
  void check_name(const std::string& name) const {
    bool good = !name.empty() && name[0] != '/' && name.find('\\') == std::string::npos &&
                name.find('\0') == std::string::npos;
    std::istringstream parts(name);
    for (std::string part; std::getline(parts, part, '/');) good = good && part != "..";
    if (!good) fail(path(), "zip entry " + quoted(name) + " has an unsafe name");
  }

  // One 64-bit field of the zip64 extra record, present only if the plain field is saturated.
  std::uint64_t widen(std::uint64_t plain, std::uint64_t* cursor, std::uint64_t end) const {
    if (plain != kSaturated32) return plain;
    if (*cursor + 8 > end) fail(path(), "a zip64 record is damaged");
    const std::uint64_t value = bytes_.u64(*cursor);
    *cursor += 8;
    return value;
  }

  // `header`: position of the central header.
  ZipEntry read_entry(std::uint64_t header, const std::string& name, std::uint64_t data_end) const {
    const std::uint64_t flags = bytes_.u16(header + 8);
    const std::uint64_t method = bytes_.u16(header + 10);
    if (flags & 1) fail(path(), "zip entry " + quoted(name) + " is encrypted");
    if (method != 0) {
      fail(path(), "zip entry " + quoted(name) + " is compressed (method " +
                       std::to_string(method) + "), only stored entries are read");
    }

    std::uint64_t cursor = header + kCentralHeaderBytes + bytes_.u16(header + 28);
    const std::uint64_t extra_end = cursor + bytes_.u16(header + 30);
    std::uint64_t zip64_end = cursor;
    while (cursor + 4 <= extra_end) {
      const std::uint64_t id = bytes_.u16(cursor);
      const std::uint64_t size = bytes_.u16(cursor + 2);
      cursor += 4;
      if (id == kZip64ExtraId) {
        zip64_end = std::min(cursor + size, extra_end);
        break;
      }
      cursor += size;
    }
    const std::uint64_t size = widen(bytes_.u32(header + 24), &cursor, zip64_end);
    const std::uint64_t stored = widen(bytes_.u32(header + 20), &cursor, zip64_end);
    const std::uint64_t local = widen(bytes_.u32(header + 42), &cursor, zip64_end);
    if (size != stored) fail(path(), "zip entry " + quoted(name) + " has two different sizes");

    // Everything lies before the directory.
    const auto outside = [&]() {
      fail(path(), "zip entry " + quoted(name) + " lies outside the file");
    };
    if (local > data_end || data_end - local < kLocalHeaderBytes) outside();
    if (bytes_.u32(local) != kLocalHeader) {
      fail(path(), "zip entry " + quoted(name) + " has no local header");
    }
    const std::uint64_t data =
        local + kLocalHeaderBytes + bytes_.u16(local + 26) + bytes_.u16(local + 28);
    if (data > data_end || size > data_end - data) outside();
    return {file_.data() + data, size};
  }

  const MappedFile& file_;
  Bytes bytes_;
};

}  // namespace

ZipDirectory::ZipDirectory(const MappedFile& file) : entries_(DirectoryReader(file).read()) {}

}  // namespace lumina::checkpoint
