// Builds torch.save archives byte by byte: a zip writer for stored entries and the pickle opcodes
// of docs/spec/movqgan.md 7.2, so that tests can make files which PyTorch would never write.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lumina::testing {

struct ZipOptions {
  bool zip64 = false;       // sizes and offsets only in the zip64 records
  bool data_after = false;  // flag bit 3 and zero sizes in local headers, as torch.save does
  std::size_t align = 64;   // of entry data, by padding in the local extra field
};

// An archive of stored entries.
class ZipBuilder {
 public:
  explicit ZipBuilder(ZipOptions options = {}) : options_(options) {}
  ZipBuilder& add(const std::string& name, const std::string& data);
  std::string build() const;

  // Fields of every central header, to be spoiled.
  std::uint16_t flags = 0;
  std::uint16_t method = 0;

 private:
  struct Entry {
    std::string name;
    std::uint64_t size;
    std::uint64_t offset;  // of the local header
  };
  std::string central_header(const Entry& entry) const;

  ZipOptions options_;
  std::string bytes_;
  std::vector<Entry> entries_;
};

// Pickle bytes, protocol 2; each call appends one value or operation.
class PickleBuilder {
 public:
  PickleBuilder() { bytes_ = "\x80\x02"; }
  PickleBuilder& raw(const std::string& bytes);
  PickleBuilder& global(const std::string& module, const std::string& name);
  PickleBuilder& text(const std::string& value);
  PickleBuilder& integer(std::int64_t value);
  PickleBuilder& integers(const std::vector<std::int64_t>& values);  // a tuple
  PickleBuilder& begin_ordered_dict();  // collections.OrderedDict() and a mark for its items
  PickleBuilder& end_items() { return raw("u"); }
  // A tensor as torch.save writes it; `storage` is the class name, such as FloatStorage.
  PickleBuilder& tensor(const std::string& storage, const std::string& key, std::int64_t numel,
                        std::int64_t offset, const std::vector<std::int64_t>& shape,
                        const std::vector<std::int64_t>& strides);
  std::string build() const { return bytes_ + "."; }

 private:
  std::string bytes_;
};

}  // namespace lumina::testing
